"""Charts as inline SVG: lines and bars only, no text, so that they stretch to whatever room there is."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from aurora_cli.documents.document import Chart

WIDTH: Final = 1000.0
HEIGHT: Final = 200.0


def chart_svg(chart: Chart) -> str:
    """Draw each series as a line, the first over its area, and the limit across.

    Colours are the page's: classes s0, s1, s2, area and limit.
    """
    top = largest(chart)
    shapes = [
        shape for number, series in enumerate(chart.series) for shape in _series(number, series.values, top)
    ]
    if chart.limit is not None:
        y = _height(chart.limit.value, top)
        shapes.append(f'<path class="limit" d="M0 {y}H{WIDTH:g}"/>')
    return (
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none" role="img" aria-hidden="true">'
        f"{''.join(shapes)}</svg>"
    )


def trend_svg(values: Sequence[float]) -> str:
    """Draw the values as one small line, scaled to the largest of them."""
    top = max((value for value in values if math.isfinite(value)), default=0.0) or 1.0
    return (
        f'<svg class="trend" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none" role="img" '
        f'aria-hidden="true">{"".join(_series(0, values, top))}</svg>'
    )


def largest(chart: Chart) -> float:
    """The value at the top of the chart: its largest, or its limit."""
    values = [value for series in chart.series for value in series.values if math.isfinite(value)]
    top = max([0.0, *values, *([chart.limit.value] if chart.limit is not None else [])])
    return top if top > 0 else 1.0


def _series(number: int, values: Sequence[float], top: float) -> Iterator[str]:
    for first, run in _runs(values):
        points = [
            (_across(first + index + 0.5, len(values)), _height(value, top))
            for index, value in enumerate(run)
        ]
        if len(points) == 1:  # a single value would be a line of no length: draw it across its column
            left, right = _across(first, len(values)), _across(first + 1, len(values))
            points = [(left, points[0][1]), (right, points[0][1])]
        line = "L".join(f"{x:g} {y:g}" for x, y in points)
        if number == 0:
            left, right = points[0][0], points[-1][0]
            yield f'<path class="area" d="M{left:g} {HEIGHT:g}L{line}L{right:g} {HEIGHT:g}Z"/>'
        yield f'<path class="line s{number}" d="M{line}"/>'


def _runs(values: Sequence[float]) -> Iterator[tuple[int, Sequence[float]]]:
    """The stretches that have values, and where each begins: a gap in the data is a gap in the line."""
    start = None
    for place, value in enumerate([*values, math.nan]):
        if math.isfinite(value):
            start = place if start is None else start
        elif start is not None:
            yield start, values[start:place]
            start = None


def _across(columns: float, of: int) -> float:
    """The x coordinate after so many columns, from 0 to ``WIDTH``."""
    return round(columns * WIDTH / of, 2)


def _height(value: float, top: float) -> float:
    return round(HEIGHT * (1.0 - max(0.0, value) / top), 2)
