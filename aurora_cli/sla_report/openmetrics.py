"""The report as OpenMetrics, for a gateway or a file that a collector reads.

Source: https://github.com/prometheus/OpenMetrics, version 1.0.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from aurora_cli.sla_report.figures import Figures
from aurora_cli.sla_report.standing import Standing, State

_STATES: Final[tuple[State, ...]] = ("met", "at risk", "breached", "insufficient data")


class Sample(NamedTuple):
    """A value and what tells it from others of its family."""

    labels: dict[str, str]
    value: float


def render(figures: Figures) -> str:
    """Write gauges only: a report is a moment's view, no counter."""
    standings = figures.standings
    lines = [
        *_family("value", "What the objective came to", _each(standings, "value")),
        *_family("target", "What was promised", (_sample(s, s.objective.target) for s in standings)),
        *_family("requests", "What the objective counts", (_sample(s, s.requests) for s in standings)),
        *_family("bad_requests", "What counts against it", (_sample(s, s.bad) for s in standings)),
        *_family("budget_left", "Bad requests that are left", (_sample(s, s.budget.left) for s in standings)),
        *_family("state", "1 for the state that the objective is in", _states(standings)),
        *_family(
            "burn_rate",
            "How fast the error budget is spent",
            (Sample({"window_seconds": f"{burn.window_s:.0f}"}, burn.rate) for burn in figures.burns),
        ),
        *_family("coverage", "The share of the window that was measured", [Sample({}, figures.coverage)]),
    ]
    return "\n".join([*lines, "# EOF"]) + "\n"


def _each(standings: Iterable[Standing], field: str) -> Iterator[Sample]:
    return (_sample(standing, getattr(standing, field)) for standing in standings)


def _sample(standing: Standing, value: float) -> Sample:
    return Sample({"objective": standing.objective.name}, value)


def _states(standings: Iterable[Standing]) -> Iterator[Sample]:
    for standing in standings:
        for state in _STATES:
            labels = {"objective": standing.objective.name, "aurora_sla_state": state}
            yield Sample(labels, float(standing.state == state))


def _family(name: str, help_: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# TYPE aurora_sla_{name} gauge"
    yield f"# HELP aurora_sla_{name} {help_}."
    for sample in samples:
        labels = ",".join(f'{key}="{value}"' for key, value in sample.labels.items())
        yield f"aurora_sla_{name}{f'{{{labels}}}' if labels else ''} {_number(sample.value)}"


def _number(value: float) -> str:
    return "NaN" if math.isnan(value) else f"{value:.17g}"
