"""Old metrics, kept more coarsely: minutes become hours, hours become days. No count is lost."""

import sqlite3
from dataclasses import dataclass

from aurora_core.metrics.rollup_row import RollupRow
from aurora_core.store.metrics import rows
from aurora_core.time_units import DAY_S, HOUR_S


@dataclass(frozen=True)
class Retention:
    """How long minutes and hours are kept, in seconds; days stay."""

    minutes_s: float = 7 * DAY_S
    hours_s: float = 90 * DAY_S


def apply(connection: sqlite3.Connection, keep: Retention, now_s: float) -> None:
    """Fold what is old enough, within the caller's transaction: a crash leaves all as it was.

    Once an hour, and where the last time lies in the future since the clock was set back.
    """
    found = connection.execute("SELECT done_s FROM retention").fetchone()
    if found is not None and 0 <= now_s - found[0] < HOUR_S:
        return
    _fold(connection, 60, HOUR_S, now_s - keep.minutes_s)
    _fold(connection, HOUR_S, DAY_S, now_s - keep.hours_s)
    connection.execute("DELETE FROM retention")
    connection.execute("INSERT INTO retention VALUES (?)", (int(now_s),))


def _fold(connection: sqlite3.Connection, fine_s: int, coarse_s: int, before_s: float) -> None:
    """Replace the fine slices of each coarse stretch that ended before the moment by their sum."""
    taken = rows.take_before(connection, fine_s, int(before_s) // coarse_s * coarse_s)
    stretches: dict[tuple[int, str, str], list[RollupRow]] = {}
    for piece in taken:
        stretch = (piece.start_s // coarse_s * coarse_s, piece.source, piece.model)
        stretches.setdefault(stretch, []).append(piece)
    for (start_s, _, _), pieces in stretches.items():
        rows.add(connection, rows.together(pieces, start_s, coarse_s))
