"""The guide's daily report, of four lines; `aurora sla-report` has the long one."""

import math
from collections.abc import Mapping, Sequence
from typing import Protocol, TypedDict

from aurora_core.sla.objectives import (
    DEFAULT_OBJECTIVES,
    Objective,
    evaluate_objectives,
    format_percent_floor,
    sla_met,
)


class DailyReport(TypedDict):
    """The guide's keys; what was not measured is ``no data``, and then ``sla_met`` is false."""

    availability: str
    p95_latency: str
    error_rate: str
    sla_met: bool


class HasTheDay(Protocol):
    """A collector, over memory or over a store."""

    def get_metrics_last_24h(self) -> Mapping[str, object]:
        """The guide's metrics of the last 24 hours."""
        ...


def generate_sla_report(
    collector: HasTheDay, objectives: Sequence[Objective] = DEFAULT_OBJECTIVES
) -> DailyReport:
    """Hold the last 24 hours against the objectives. Shares are floored: 99.996 % is no 100 %."""
    metrics = collector.get_metrics_last_24h()
    objective_results = evaluate_objectives(metrics, objectives)
    values = {result.objective.name: result.value for result in objective_results}
    p95 = values.get("p95_latency", math.nan)
    return DailyReport(
        availability=format_percent_floor(values.get("availability", math.nan)),
        p95_latency="no data" if math.isnan(p95) else f"{p95:.0f} ms",
        error_rate=format_percent_floor(values.get("error_rate", math.nan)),
        sla_met=sla_met(objective_results) is True,
    )
