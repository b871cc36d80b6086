"""The rows of a period, added up by column of a chart, hour, day, model or process."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

from aurora_cli.sla_report.period import Period
from aurora_cli.sla_report.timeline import Minute, merge_by, select_between
from aurora_core.metrics import Rollup, RollupRow
from aurora_core.metrics.rollup_row import sum_by
from aurora_core.time_units import MINUTE_S

GroupBy = Literal["hour", "day", "model", "source"]

MAX_COLUMNS: Final = 60
"""The width of a chart on a terminal, beside its label."""

MAX_WORST_HOURS: Final = 5


class Group(NamedTuple):
    """An hour, a day, a model or a process, and its sums."""

    name: str
    total: Rollup


def column_length_s(period: Period) -> int:
    """Choose the length of a column in seconds: whole minutes, for at most ``MAX_COLUMNS`` columns."""
    return MINUTE_S * max(1, math.ceil(period.length_s / MINUTE_S / MAX_COLUMNS))


def sum_columns(slices: Iterable[RollupRow], period: Period) -> list[Rollup | None]:
    """Add up the rows that begin in each column of a chart; None for a column without measurement."""
    length_s = column_length_s(period)
    columns = sum_by(slices, lambda row: (row.start_s - period.start_s) // length_s)
    return [columns.get(number) for number in range(-(-period.length_s // length_s))]


def sum_all(parts: Iterable[Rollup | None]) -> Rollup:
    """Add up all columns."""
    total = Rollup()
    for part in parts:
        if part is not None:
            total.merge(part)
    return total


def format_hour(start_s: int, period: Period) -> str:
    """Write the hour in the period's zone; the second hour of one name, in autumn, ends in ``again``."""
    moment = datetime.fromtimestamp(start_s, period.zone)
    return moment.strftime("%Y-%m-%d %H:00") + (" again" if moment.fold else "")


def format_day(start_s: int, period: Period) -> str:
    """Write the day in the period's zone, in ISO 8601."""
    return datetime.fromtimestamp(start_s, period.zone).strftime("%Y-%m-%d")


def group_rows(slices: Sequence[RollupRow], period: Period, by: GroupBy) -> list[Group]:
    """Add up by hour or day, in order of time, or by model or process, in order of name."""
    keys: dict[GroupBy, Callable[[RollupRow], str]] = {
        "hour": lambda row: format_hour(row.start_s, period),
        "day": lambda row: format_day(row.start_s, period),
        "model": lambda row: row.model,
        "source": lambda row: row.source,
    }
    return [Group(name, total) for name, total in sorted(sum_by(slices, keys[by]).items())]


def find_worst_hours(slices: Sequence[RollupRow], quarters: Sequence[Minute], period: Period) -> list[Group]:
    """Find the hours with the most failed calls, then those with the most slow ones, in that order."""
    hours = merge_by(quarters, lambda start_s: format_hour(start_s, period))
    worst = sorted((name for name in hours if hours[name].calls), key=lambda name: _badness(hours[name]))
    groups = []
    for name in worst[:MAX_WORST_HOURS]:
        inside = select_between(slices, hours[name].start_s, hours[name].end_s)
        groups.append(Group(name, sum_by(inside, lambda _: None)[None]))
    return groups


def _badness(hour: Minute) -> tuple[int, int, int]:
    return (-hour.failed, hour.within_target - hour.calls, hour.start_s)
