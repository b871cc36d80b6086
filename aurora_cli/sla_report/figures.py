"""What the slices of a period come to."""

from collections.abc import Sequence
from dataclasses import dataclass

from aurora_cli.sla_report.burn import Burn, BurnState, burn_states, burns
from aurora_cli.sla_report.exclusions import Exclusion, covered_s
from aurora_cli.sla_report.groups import columns, whole
from aurora_cli.sla_report.incidents import Incident, incidents
from aurora_cli.sla_report.minutes import MINUTE_S, Minute, quarters, timeline, within, without
from aurora_cli.sla_report.period import Period
from aurora_cli.sla_report.standing import Standing, standings
from aurora_core.config.sections.sla import Sla
from aurora_core.metrics import Rollup, Slice
from aurora_core.sla.budget import BURN_WINDOWS_S


@dataclass(frozen=True)
class Figures:
    """All figures of one period. ``measured`` of its ``minutes`` had a heartbeat."""

    period: Period
    total: Rollup
    columns: Sequence[Rollup | None]
    line: Sequence[Minute]
    quarters: Sequence[Minute]
    standings: Sequence[Standing]
    burns: Sequence[Burn]
    burn_states: Sequence[BurnState]
    incidents: Sequence[Incident]
    minutes: int
    measured: int

    @property
    def coverage(self) -> float:
        """The share of the period that was measured."""
        # An hour that reaches into an exclusion counts whole, and its minutes may be more than are left.
        return min(1.0, self.measured / self.minutes) if self.minutes else 0.0

    @property
    def finest_s(self) -> int:
        """The length of the longest slice: an incident cannot be told more finely."""
        return max((minute.length_s for minute in self.line), default=MINUTE_S)


def figures(slices: Sequence[Slice], period: Period, sla: Sla, excluded: Sequence[Exclusion] = ()) -> Figures:
    """Count the slices of the period, but for those that are excluded.

    ``slices`` may reach further back: a burn rate is over its own window, however short the period.
    """
    kept = without(slices, excluded) if excluded else slices
    counted = within(kept, period.start_s, period.end_s)
    line = timeline(counted)
    burning = timeline(within(kept, period.end_s - max(BURN_WINDOWS_S), period.end_s))
    drawn = columns(counted, period)
    total = whole(drawn)
    found = burns(burning, period.end_s, sla.availability)
    left_out = covered_s(excluded, period.start_s, period.end_s)
    return Figures(
        period=period,
        total=total,
        columns=drawn,
        line=line,
        quarters=quarters(line),
        standings=standings(total, line, sla),
        burns=found,
        burn_states=burn_states(found, sla.window),
        incidents=incidents(line, sla.error_rate_alert),
        minutes=(period.length_s - left_out) // MINUTE_S,
        measured=sum(minute.measured for minute in line),
    )
