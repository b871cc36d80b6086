"""The slices of a period, added up by column, hour, day, model or process."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

from aurora_cli.sla_report.period import Period
from aurora_core.metrics import Rollup, Slice
from aurora_core.metrics.slices import added_up

By = Literal["hour", "day", "model", "source"]

COLUMNS: Final = 60
"""As many as a line of a terminal holds beside its label."""

_MINUTE_S: Final = 60


class Group(NamedTuple):
    """A part of the period, a model or a process, and what was counted for it."""

    name: str
    total: Rollup


def column_length(period: Period) -> int:
    """How many seconds a column is: whole minutes, and at most sixty columns."""
    return _MINUTE_S * max(1, math.ceil(period.length_s / _MINUTE_S / COLUMNS))


def columns(slices: Iterable[Slice], period: Period) -> list[Rollup | None]:
    """The slices that begin in each column of a chart; None where nothing was measured."""
    length_s = column_length(period)
    found = added_up(slices, lambda piece: (piece.start_s - period.start_s) // length_s)
    return [found.get(place) for place in range(-(-period.length_s // length_s))]


def whole(parts: Iterable[Rollup | None]) -> Rollup:
    """All columns together."""
    total = Rollup()
    for part in parts:
        if part is not None:
            total.merge(part)
    return total


def hour_of(start_s: int, period: Period) -> str:
    """The hour of the zone, as it is shown; the second of one name, in autumn, is ``again``."""
    moment = datetime.fromtimestamp(start_s, period.zone)
    return moment.strftime("%Y-%m-%d %H:00") + (" again" if moment.fold else "")


def day_of(start_s: int, period: Period) -> str:
    """The day of the zone, as ISO 8601 has it."""
    return datetime.fromtimestamp(start_s, period.zone).strftime("%Y-%m-%d")


def grouped(slices: Sequence[Slice], period: Period, by: By) -> list[Group]:
    """A group an hour or a day in order of time, or a model or a process by name."""
    keys: dict[By, Callable[[Slice], str]] = {
        "hour": lambda piece: hour_of(piece.start_s, period),
        "day": lambda piece: day_of(piece.start_s, period),
        "model": lambda piece: piece.model,
        "source": lambda piece: piece.source,
    }
    return [Group(name, total) for name, total in sorted(added_up(slices, keys[by]).items())]
