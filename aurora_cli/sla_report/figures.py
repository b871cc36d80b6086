"""What the slices of a period come to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aurora_cli.sla_report.burn import Burn, BurnState, burn_states, burns
from aurora_cli.sla_report.columns import Columns, columns, whole
from aurora_cli.sla_report.exclusions import Exclusion, covered_s
from aurora_cli.sla_report.incidents import Incident, incidents
from aurora_cli.sla_report.minutes import MINUTE_S, Minute, timeline, without
from aurora_cli.sla_report.period import Period
from aurora_cli.sla_report.standing import Standing, standings
from aurora_core.config.sections.sla import Sla
from aurora_core.metrics import Rollup, Slice

By = Literal["hour", "day", "model", "source"]


@dataclass(frozen=True)
class Group:
    """A part of the period, or a model or a process over all of it."""

    name: str
    start_s: int
    total: Rollup


@dataclass(frozen=True)
class Figures:
    """All figures of one period. ``measured`` of its ``minutes`` had a heartbeat."""

    period: Period
    total: Rollup
    columns: Columns
    line: Sequence[Minute]
    standings: Sequence[Standing]
    burns: Sequence[Burn]
    burn_states: Sequence[BurnState]
    incidents: Sequence[Incident]
    minutes: int
    measured: int

    @property
    def coverage(self) -> float:
        """The share of the period that was measured."""
        return self.measured / self.minutes if self.minutes else 0.0

    @property
    def finest_s(self) -> int:
        """The length of the longest slice: an incident cannot be told more finely."""
        return max((minute.length_s for minute in self.line), default=MINUTE_S)


def figures(slices: Sequence[Slice], period: Period, sla: Sla, excluded: Sequence[Exclusion] = ()) -> Figures:
    """Count the slices of the period, but for those that are excluded."""
    counted = without(slices, excluded) if excluded else slices
    line = timeline(counted)
    parts = columns(counted, period)
    total = whole(parts)
    found = burns(line, period.end_s, sla.availability)
    left_out = covered_s(excluded, period.start_s, period.end_s)
    return Figures(
        period=period,
        total=total,
        columns=parts,
        line=line,
        standings=standings(total, line, sla),
        burns=found,
        burn_states=burn_states(found, sla.window),
        incidents=incidents(line, sla.error_rate_alert),
        minutes=(period.length_s - left_out) // MINUTE_S,
        measured=sum(minute.measured for minute in line),
    )


def grouped(slices: Sequence[Slice], by: By, period: Period) -> list[Group]:
    """The slices by hour or day of the period's zone, by model or by source."""
    name_of: dict[By, Callable[[Slice], tuple[int, str]]] = {
        "hour": lambda piece: _named(_local(piece, period).replace(minute=0), "%Y-%m-%d %H:00"),
        "day": lambda piece: _named(_local(piece, period).replace(hour=0, minute=0), "%Y-%m-%d"),
        "model": lambda piece: (0, piece.model),
        "source": lambda piece: (0, piece.source),
    }
    found: dict[tuple[int, str], Rollup] = {}
    for piece in slices:
        found.setdefault(name_of[by](piece), Rollup()).merge(piece.rollup)
    return [Group(name, start_s, total) for (start_s, name), total in sorted(found.items())]


def _local(piece: Slice, period: Period) -> datetime:
    return datetime.fromtimestamp(piece.start_s, period.zone).replace(second=0)


def _named(moment: datetime, form: str) -> tuple[int, str]:
    return int(moment.timestamp()), moment.strftime(form)
