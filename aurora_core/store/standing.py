"""What a chunk store's file knows of itself: which store it is, what part it plays, how far it has come.

A replica is a copy, this row included; so each file can be told from an older one, from another store's, and
from one that somebody emptied. Which of two is the primary stands in the files, for every process to read.
"""

import sqlite3
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple
from uuid import uuid4

from aurora_core.errors import StoreError

Role = Literal["primary", "replica", "retired"]
"""Retired is a primary that a promotion took out of service before its last writes could be copied."""

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
)


class Standing(NamedTuple):
    """``term`` grows with each promotion, ``sequence`` with each write.

    ``followed_s`` is when the last copy was begun, seconds of UTC; None where there was none.
    """

    store: str
    term: int
    role: Role
    sequence: int
    followed_s: float | None

    def is_behind(self, other: "Standing") -> bool:
        """Whether it is another store's than the other, or lacks writes that the other has."""
        return self.store != other.store or (self.term, self.sequence) < (other.term, other.sequence)


def begin(connection: sqlite3.Connection) -> None:
    """The row of a new store."""
    connection.execute("INSERT INTO standing VALUES (?, 1, 'primary', 0, NULL)", (uuid4().hex,))


def read(connection: sqlite3.Connection, path: str) -> Standing:
    """The row as it is; ``StoreError`` where it is damaged."""
    rows = connection.execute("SELECT * FROM standing").fetchall()
    if [tuple(map(type, row[:4])) for row in rows] != [(str, int, str, int)]:
        raise StoreError(f"{path}: the file is damaged; move it away, or restore a backup")
    return Standing(*rows[0])


def follow(connection: sqlite3.Connection, now_s: float) -> None:
    """Note in the primary that a copy is begun, which takes it along; from now on deletions are noted."""
    connection.execute("UPDATE standing SET followed_s = ?", (now_s,))


def forget_deleted(connection: sqlite3.Connection, sequence: int) -> None:
    """Forget the deletions that a replica has followed."""
    connection.execute("DELETE FROM deleted WHERE sequence <= ?", (sequence,))


def become(connection: sqlite3.Connection, role: Role, term: int) -> None:
    """Play this part from now on."""
    connection.execute("UPDATE standing SET role = ?, term = ?", (role, term))


def count_a_write(connection: sqlite3.Connection, path: str) -> None:
    """Take the next number. ``StoreError`` where the file is no primary: never two writers."""
    counted = connection.execute("UPDATE standing SET sequence = sequence + 1 WHERE role = 'primary'")
    if counted.rowcount != 1:
        raise StoreError(f"{path} is a replica, which is written by copying only; write to its primary")


def note_saved(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """What is saved is not deleted any more."""
    if connection.execute("SELECT EXISTS (SELECT 1 FROM deleted)").fetchone()[0]:
        connection.executemany("DELETE FROM deleted WHERE id = ?", [(name,) for name in ids])


def note_deleted(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Remember what is missing by intent, until a replica has followed; without one there is no need."""
    query = "INSERT OR REPLACE INTO deleted SELECT ?, sequence FROM standing WHERE followed_s IS NOT NULL"
    connection.executemany(query, [(name,) for name in ids])


def deleted_among(connection: sqlite3.Connection, ids: Iterable[str]) -> set[str]:
    """Which of the ids are missing by intent."""
    query = "SELECT 1 FROM deleted WHERE id = ?"
    return {name for name in ids if connection.execute(query, (name,)).fetchone()}
