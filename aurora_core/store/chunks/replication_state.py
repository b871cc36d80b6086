"""What a chunk store's file records about itself: its store, its role, and how many writes it has seen.

A replica is a copy that includes this row, so a file can be told from an older one, from another store's, and
from an emptied one. The role of each of two files is in the files, for every process to read.
"""

import sqlite3
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from aurora_core.errors import StoreError

Role = Literal["primary", "replica", "retired"]
"""Retired: a primary that a promotion took out of service before its last writes could be copied."""

TABLES: Final = (
    """
    CREATE TABLE IF NOT EXISTS standing (
        store TEXT NOT NULL,
        term INTEGER NOT NULL,
        role TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        followed_s REAL
    )
    """,
    "CREATE TABLE IF NOT EXISTS deleted (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID",
    """
    INSERT INTO standing SELECT lower(hex(randomblob(16))), 1, 'primary', 0, NULL
    WHERE NOT EXISTS (SELECT 1 FROM standing)
    """,
)
"""The tables of the first version, whose files have no version number, and the row of a new store."""

RENAMES: Final = (
    "ALTER TABLE standing RENAME TO replication_state",
    "ALTER TABLE replication_state RENAME COLUMN store TO store_id",
    "ALTER TABLE replication_state RENAME COLUMN followed_s TO synced_s",
    "ALTER TABLE deleted RENAME TO tombstones",
)
"""The names of today."""


class StoreState(NamedTuple):
    """``term`` grows with each promotion, ``sequence`` with each write.

    ``synced_s`` is when the last copy began, seconds of UTC; None if there was none.
    """

    store_id: str
    term: int
    role: Role
    sequence: int
    synced_s: float | None

    def is_behind(self, other: "StoreState") -> bool:
        """Return whether the file belongs to another store than the other, or lacks writes that it has."""
        return self.store_id != other.store_id or (self.term, self.sequence) < (other.term, other.sequence)


def read_state(connection: sqlite3.Connection, path: str) -> StoreState:
    """Return the file's state; ``StoreError`` if it is damaged."""
    rows = connection.execute("SELECT * FROM replication_state").fetchall()
    if [tuple(map(type, row[:4])) for row in rows] != [(str, int, str, int)]:
        raise StoreError(f"{path}: the file is damaged; move it away, or restore a backup")
    return StoreState(*rows[0])


def begin_sync(connection: sqlite3.Connection, now_s: float) -> None:
    """Record in the primary that a copy begins, which includes this; deletions are recorded from now on."""
    connection.execute("UPDATE replication_state SET synced_s = ?", (now_s,))


def drop_tombstones(connection: sqlite3.Connection, sequence: int) -> None:
    """Delete the tombstones of deletions that a replica has copied."""
    connection.execute("DELETE FROM tombstones WHERE sequence <= ?", (sequence,))


def set_role(connection: sqlite3.Connection, role: Role, term: int) -> None:
    """Change the file's role."""
    connection.execute("UPDATE replication_state SET role = ?, term = ?", (role, term))


def next_sequence(connection: sqlite3.Connection, path: str) -> None:
    """Count a write. ``StoreError`` if the file is not a primary: there are never two writers."""
    counted = connection.execute(
        "UPDATE replication_state SET sequence = sequence + 1 WHERE role = 'primary'"
    )
    if counted.rowcount != 1:
        raise StoreError(f"{path} is a replica, which is written by copying only; write to its primary")


def record_saves(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Delete the tombstones of chunks that are saved again."""
    if connection.execute("SELECT EXISTS (SELECT 1 FROM tombstones)").fetchone()[0]:
        connection.executemany("DELETE FROM tombstones WHERE id = ?", [(name,) for name in ids])


def record_deletes(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Add tombstones until a replica has copied the deletions; without a replica there is no need."""
    query = (
        "INSERT OR REPLACE INTO tombstones "
        "SELECT ?, sequence FROM replication_state WHERE synced_s IS NOT NULL"
    )
    connection.executemany(query, [(name,) for name in ids])


def deleted_among(connection: sqlite3.Connection, ids: Iterable[str]) -> set[str]:
    """Return which of the ids were deleted on purpose."""
    query = "SELECT 1 FROM tombstones WHERE id = ?"
    return {name for name in ids if connection.execute(query, (name,)).fetchone()}
