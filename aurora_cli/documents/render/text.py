"""The reader's form. Piped it is plain: no colour, no box, no wrap."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from aurora_cli.documents.document import Calendar, Cell, Chart, Document, Part, Table, Tone
from aurora_cli.documents.render.sparkline import ASCII_BLOCKS, BLOCKS, bars
from aurora_cli.sanitize import in_one_line

_STYLES: Final[dict[Tone, str]] = {"plain": "", "good": "green", "bad": "bold red", "muted": "dim"}
_SIGNS: Final[dict[Tone, str]] = {"good": "■", "bad": "✗", "muted": "□", "plain": "·"}
_ASCII_SIGNS: Final[dict[Tone, str]] = {"good": "#", "bad": "x", "muted": "o", "plain": "."}
_LEGEND: Final[dict[Tone, str]] = {"good": "met", "bad": "breached", "plain": "no data"}
_GAP: Final = "  "


def render(document: Document, *, ascii_only: bool) -> list[Text]:
    """Lay the document out as lines; what conclusion stands last."""
    lines: list[Text] = []
    for part in document.parts:
        lines += _part(part, ascii_only=ascii_only)
        lines.append(Text())
    tone: Tone = "good" if document.exit_code == 0 else "bad"
    lines.append(Text(in_one_line(document.conclusion), style=_STYLES[tone]))
    return [_ascii(line) for line in lines] if ascii_only else lines


def _part(part: Part, *, ascii_only: bool) -> list[Text]:
    if isinstance(part, Table):
        return _table(part, ASCII_BLOCKS if ascii_only else BLOCKS)
    if isinstance(part, Calendar):
        return _calendar(part, ascii_only=ascii_only)
    return _chart(part, ascii_only=ascii_only)


def _calendar(calendar: Calendar, *, ascii_only: bool) -> list[Text]:
    """A week a row, from Monday on: a sign a day."""
    signs: dict[Tone, str] = _ASCII_SIGNS if ascii_only else _SIGNS
    lines = [Text(calendar.title, style="bold")]
    for monday, days in groupby(calendar.days, lambda day: day.day - timedelta(days=day.day.weekday())):
        week = list(days)
        line = Text(f"{_GAP}{monday.isoformat()}{_GAP}{'  ' * week[0].day.weekday()}")
        for day in week:
            line.append(f"{signs[day.tone]} ", _STYLES[day.tone])
        line.rstrip()
        lines.append(line)
    legend = ", ".join(f"{signs[tone]} {name}" for tone, name in _LEGEND.items())
    return [*lines, Text(f"{_GAP}{legend}", style=_STYLES["muted"])]


def _table(table: Table, blocks: str) -> list[Text]:
    header = [[Cell(name, "muted") for name in table.header]] if table.header else []
    rows = [[_as_text(cell, blocks) for cell in row] for row in (*header, *table.rows)]
    widths = [max(cell_len(cell.text) for cell in column) for column in zip(*rows, strict=True)]
    lines = [Text(table.title, style="bold")] if table.title else []
    lines += [_row(row, widths, stats=bool(table.header)) for row in rows]
    if table.note:
        lines.append(Text(f"{_GAP}{table.note}", style=_STYLES["muted"]))
    return lines


def _as_text(cell: Cell, blocks: str) -> Cell:
    return Cell(bars(cell.trend, blocks) if cell.trend else in_one_line(cell.text), cell.tone)


def _row(row: Sequence[Cell], widths: Sequence[int], *, stats: bool) -> Text:
    """Align the first cell to the left, and the others to the right where they are figures."""
    line = Text(_GAP)
    for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
        padding = " " * (width - cell_len(cell.text))
        if not stats:
            line.append(_GAP if number else "").append(cell.text, _STYLES[cell.tone]).append(padding)
        elif number == 0:
            line.append(cell.text, _STYLES[cell.tone]).append(padding)
        else:
            line.append(_GAP + padding).append(cell.text, _STYLES[cell.tone])
    line.rstrip()
    return line


def _chart(chart: Chart, *, ascii_only: bool) -> list[Text]:
    width = max(cell_len(series.label) for series in chart.series)
    length = len(chart.series[0].values)
    lines = [Text(chart.title, style="bold")]
    for series in chart.series:
        label = series.label + " " * (width - cell_len(series.label))
        row = bars(series.values, ASCII_BLOCKS if ascii_only else BLOCKS)
        lines.append(Text(f"{_GAP}{label}{_GAP}").append(row, "cyan").append(f"{_GAP}{series.text}"))
    axis = chart.left + " " * max(1, length - cell_len(chart.left) - cell_len(chart.right)) + chart.right
    lines.append(Text(_GAP + " " * width + _GAP).append(axis, _STYLES["muted"]))
    return lines


def _ascii(line: Text) -> Text:
    """Replace what the output's encoding does not have, and keep the style."""
    plain = Text(line.plain.encode("ascii", "replace").decode(), style=line.style)
    plain.spans = line.spans
    return plain
