"""The period cut into columns of equal length, for whatever is drawn over time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from aurora_cli.sla_report.period import Period
from aurora_core.metrics import Rollup, Slice

COLUMNS: Final = 60
"""As many as a line of a terminal holds beside its label."""


@dataclass(frozen=True)
class Columns:
    """Sums over equal parts of the period; None where nothing was measured."""

    length_s: float
    totals: Sequence[Rollup | None]


def columns(slices: Iterable[Slice], period: Period) -> Columns:
    """Add each slice to the column that it begins in."""
    length_s = max(60.0, period.length_s / COLUMNS)
    number = min(COLUMNS, -(-period.length_s // int(length_s)))
    totals: list[Rollup | None] = [None] * number
    for piece in slices:
        place = min(number - 1, max(0, int((piece.start_s - period.start_s) / length_s)))
        total = totals[place]
        if total is None:
            totals[place] = total = Rollup()
        total.merge(piece.rollup)
    return Columns(length_s, totals)


def whole(parts: Columns) -> Rollup:
    """All columns together: the sum of the period."""
    total = Rollup()
    for part in parts.totals:
        if part is not None:
            total.merge(part)
    return total
