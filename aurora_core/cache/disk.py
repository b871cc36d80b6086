"""The file of the warm answers."""

import logging
import sqlite3
from pathlib import Path
from typing import Final, NamedTuple

from aurora_core.clock import Clock
from aurora_core.errors import StoreError
from aurora_core.sqlite import Schema, open_database, translate_errors

_log: Final = logging.getLogger("aurora_core.cache")
_TIMEOUT_S: Final = 1.0
_PAUSE_S: Final = 5.0
"""A file that fails is left alone for so long: else each who asks would wait for it in turn."""
_APPLICATION_ID: Final = 0x41554341
"""``AUCA``: a cache."""
_SCHEMA: Final = Schema(
    _APPLICATION_ID,
    [
        (
            """
            CREATE TABLE IF NOT EXISTS answers
                (key BLOB PRIMARY KEY, answer BLOB NOT NULL, kept_s REAL NOT NULL)
            """,
        )
    ],
)
"""Files of the first version have the table, and no version number."""


class Entry(NamedTuple):
    """An answer, and since when it is kept, seconds of UTC."""

    answer: str
    kept_s: float


class DiskCache:
    """One connection; whoever calls holds the cache's lock. A file that fails makes misses, and no error.

    What is past its time leaves it once a ``ttl_s``, so that it holds no more than two such times brought.
    """

    def __init__(self, path: str | Path, ttl_s: float, clock: Clock) -> None:
        self._path = str(path)
        self._ttl_s = ttl_s
        self._clock = clock
        self._connection: sqlite3.Connection | None = None
        self._failed_at: float | None = None
        self._swept_at: float | None = None
        self._unwritten_until_s: float | None = None
        """A change did not reach the file: what was kept until then goes before anything else is done."""

    def get(self, key: str) -> Entry | None:
        """The entry, however old it is."""
        rows = self._execute("SELECT answer, kept_s FROM answers WHERE key = ?", _bytes(key))
        return _entry(*rows[0]) if rows else None

    def put(self, key: str, entry: Entry) -> None:
        """Keep the entry."""
        query = "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)"
        self._execute_write(query, _bytes(key), _bytes(entry.answer), entry.kept_s)
        now = self._clock.now()
        if self._swept_at is None or now - self._swept_at >= self._ttl_s:
            self.forget_older_than(self._clock.wall() - self._ttl_s)
            self._swept_at = now

    def forget(self, key: str) -> None:
        """Forget one key."""
        self._execute_write("DELETE FROM answers WHERE key = ?", _bytes(key))

    def forget_prefix(self, prefix: str) -> None:
        """Forget all keys that begin so."""
        self._execute_write("DELETE FROM answers WHERE substr(key, 1, length(?1)) = ?1", _bytes(prefix))

    def forget_older_than(self, moment_s: float) -> None:
        """Forget what was kept before, seconds of UTC."""
        self._execute_write("DELETE FROM answers WHERE kept_s < ?", moment_s)

    def close(self) -> None:
        """Give the file back; a later call opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _execute_write(self, query: str, *values: bytes | float) -> None:
        if self._execute(query, *values) is None:
            self._unwritten_until_s = self._clock.wall()

    def _execute(self, query: str, *values: bytes | float) -> list[tuple[bytes, float]] | None:
        """The rows; None where the file fails, or failed just now."""
        if self._failed_at is not None and self._clock.now() - self._failed_at < _PAUSE_S:
            return None
        try:
            with translate_errors(self._path):
                if self._connection is None:
                    self._connection = open_database(
                        self._path, _SCHEMA, durability="NORMAL", timeout_s=_TIMEOUT_S
                    )
                if self._unwritten_until_s is not None:
                    doubtful = (self._unwritten_until_s,)
                    self._connection.execute("DELETE FROM answers WHERE kept_s <= ?", doubtful)
                    self._unwritten_until_s = None
                rows = self._connection.execute(query, values).fetchall()
        except StoreError as error:
            self._fail(error)
            return None
        if self._failed_at is not None:
            _log.warning("the cache's file works again: %s", self._path)
        self._failed_at = None
        return rows

    def _fail(self, error: StoreError) -> None:
        """Say it once, and open the file anew next time: it may be another one."""
        if self._failed_at is None:
            _log.error("the cache's file fails, and misses: %s", error)
        self._failed_at = self._clock.now()
        self.close()


def _entry(answer: object, kept_s: object) -> Entry | None:
    """None where the file is damaged."""
    if not isinstance(answer, bytes) or not isinstance(kept_s, float):
        return None
    try:
        return Entry(answer.decode("utf-8", "surrogatepass"), kept_s)
    except UnicodeDecodeError:
        return None


def _bytes(text: str) -> bytes:
    """Half a surrogate pair, which an answer cut short ends with, has no place in a column of texts."""
    return text.encode("utf-8", "surrogatepass")
