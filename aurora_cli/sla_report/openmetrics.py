"""The report as OpenMetrics, for a gateway or a file that a collector reads.

Source: https://github.com/prometheus/OpenMetrics, version 1.0.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple, get_args

from aurora_cli.sla_report.objectives import ObjectiveState, ObjectiveStatus
from aurora_cli.sla_report.stats import PeriodStats

_OF_OBJECTIVES: Final[Mapping[str, tuple[str, Callable[[ObjectiveStatus], float]]]] = {
    "value": (
        "Value of the objective over the window: a share, or milliseconds for a latency",
        lambda status: status.value,
    ),
    "target": (
        "Target of the objective: a share, or milliseconds for a latency",
        lambda status: status.objective.target,
    ),
    "requests": (
        "Requests, minutes or cache lookups that the objective counts",
        lambda status: status.requests,
    ),
    "bad_requests": (
        "Requests, minutes or cache lookups that count against the objective",
        lambda status: status.bad,
    ),
    "budget_left": (
        "Bad requests that the error budget still allows; negative if overspent",
        lambda status: status.budget.left,
    ),
}
"""The families with one sample per objective: help and value."""


class Sample(NamedTuple):
    """A value with its labels."""

    labels: dict[str, str]
    value: float


def render(stats: PeriodStats) -> str:
    """Write gauges only: a report is a view at one moment, its values may fall."""
    lines: list[str] = []
    for name, (help_, value) in _OF_OBJECTIVES.items():
        samples = [Sample(_labels(status), value(status)) for status in stats.objectives]
        lines += _family(name, help_, samples)
    lines += [
        *_family(
            "state", "1 for the current state of the objective, 0 for the others", _states(stats.objectives)
        ),
        *_family(
            "burn_rate",
            "Burn rate of the availability error budget: 1 spends it in just the window of the SLA",
            (Sample({"window_seconds": f"{burn.window_s:.0f}"}, burn.rate) for burn in stats.burn_rates),
        ),
        *_family(
            "coverage", "Share of the window in which a process was running", [Sample({}, stats.coverage)]
        ),
    ]
    return "\n".join([*lines, "# EOF"]) + "\n"


def _labels(status: ObjectiveStatus) -> dict[str, str]:
    return {"objective": status.objective.name}


def _states(statuses: Iterable[ObjectiveStatus]) -> Iterator[Sample]:
    for status in statuses:
        for state in get_args(ObjectiveState):
            yield Sample({**_labels(status), "aurora_sla_state": state}, float(status.state == state))


def _family(name: str, help_: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# TYPE aurora_sla_{name} gauge"
    yield f"# HELP aurora_sla_{name} {help_}."
    for sample in samples:
        labels = ",".join(f'{key}="{value}"' for key, value in sample.labels.items())
        yield f"aurora_sla_{name}{f'{{{labels}}}' if labels else ''} {_number(sample.value)}"


def _number(value: float) -> str:
    return "NaN" if math.isnan(value) else f"{value:.17g}"
