"""The statistics of a period."""

from collections.abc import Sequence
from dataclasses import dataclass

from aurora_cli.sla_report.burn import BurnAlertState, BurnRate, compute_burn_rates, evaluate_burn_alerts
from aurora_cli.sla_report.exclusions import Exclusion, covered_s
from aurora_cli.sla_report.group_by import sum_all, sum_columns
from aurora_cli.sla_report.incidents import Incident, find_incidents
from aurora_cli.sla_report.objectives import ObjectiveStatus, evaluate_objectives
from aurora_cli.sla_report.period import Period
from aurora_cli.sla_report.timeline import (
    Minute,
    build_timeline,
    drop_excluded,
    merge_quarters,
    select_between,
)
from aurora_core.config.sections.sla import Sla
from aurora_core.metrics import Rollup, RollupRow
from aurora_core.sla.budget import BURN_WINDOWS_S
from aurora_core.time_units import MINUTE_S


@dataclass(frozen=True)
class PeriodStats:
    """All statistics of one period. Of its ``minutes``, ``measured`` had a heartbeat."""

    period: Period
    total: Rollup
    columns: Sequence[Rollup | None]
    timeline: Sequence[Minute]
    quarters: Sequence[Minute]
    objectives: Sequence[ObjectiveStatus]
    burn_rates: Sequence[BurnRate]
    burn_alerts: Sequence[BurnAlertState]
    incidents: Sequence[Incident]
    minutes: int
    measured: int

    @property
    def coverage(self) -> float:
        """The share of the period that was measured."""
        # An hour that reaches into an exclusion counts whole, and its minutes may be more than are left.
        return min(1.0, self.measured / self.minutes) if self.minutes else 0.0

    @property
    def coarsest_s(self) -> int:
        """The length of the longest row: begin and end of an incident are no finer."""
        return max((minute.length_s for minute in self.timeline), default=MINUTE_S)


def compute_stats(
    slices: Sequence[RollupRow], period: Period, sla: Sla, excluded: Sequence[Exclusion] = ()
) -> PeriodStats:
    """Compute the statistics of the rows of the period that are not excluded.

    ``slices`` may reach further back: a burn rate has its own window, however short the period is.
    """
    included = drop_excluded(slices, excluded) if excluded else slices
    inside = select_between(included, period.start_s, period.end_s)
    timeline = build_timeline(inside)
    burning = build_timeline(select_between(included, period.end_s - max(BURN_WINDOWS_S), period.end_s))
    columns = sum_columns(inside, period)
    total = sum_all(columns)
    burn_rates = compute_burn_rates(burning, period.end_s, sla.availability)
    return PeriodStats(
        period=period,
        total=total,
        columns=columns,
        timeline=timeline,
        quarters=merge_quarters(timeline),
        objectives=evaluate_objectives(total, timeline, sla),
        burn_rates=burn_rates,
        burn_alerts=evaluate_burn_alerts(burn_rates, sla.window),
        incidents=find_incidents(timeline, sla.error_rate_alert),
        minutes=(period.length_s - covered_s(excluded, period.start_s, period.end_s)) // MINUTE_S,
        measured=sum(minute.measured for minute in timeline),
    )
