"""Metrics in one SQLite file, which several processes write and any program reads."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from aurora_core.concurrency import close_before_fork, reset_after_fork
from aurora_core.errors import StoreError
from aurora_core.metrics import RollupRow
from aurora_core.sqlite import (
    check_version,
    migrated_copy,
    open_database,
    open_readonly,
    transaction,
    translate_errors,
)
from aurora_core.store.metrics import retention, rows, schema
from aurora_core.store.metrics.outbox import SQLiteAlertStore
from aurora_core.store.metrics.retention import Retention

_TIMEOUT_S: Final = 5.0
_inherited: Final[list[sqlite3.Connection]] = []
"""A parent's connections that were open at a fork: the child must not use, close or free them."""


class MetricsStore:
    """Slices of metrics in a file; threads may share one, and processes the file.

    What :meth:`write` returned from survives a ``kill -9``: each write is one transaction in the write-ahead
    log. (After a power cut the last seconds may be missing, but the file is whole: ``synchronous=NORMAL``.) A
    reader never blocks a writer. All methods raise ``StoreError``. Without a ``retention`` every minute is
    kept.
    """

    def __init__(
        self,
        path: str | Path,
        retention: Retention | None = Retention(),  # noqa: B008 - frozen
    ) -> None:
        self.path = str(path)
        self._retention = retention
        self._connection: sqlite3.Connection | None = None
        self._lock = Lock()
        close_before_fork(self.close)
        reset_after_fork(self._reset)

    @property
    def url(self) -> str:
        """The store's URL."""
        return f"sqlite:{self.path}"

    def exists(self) -> bool:
        """Return whether the file is a store; an empty one is none yet. ``StoreError`` for any other file."""
        if not self._size():
            return False
        with open_readonly(self.path) as connection:
            return check_version(connection, schema.SCHEMA, self.path) > 0

    def write(self, slices: Sequence[RollupRow]) -> None:
        """Store all slices or none; one of the same time, source and model is added to.

        Once an hour old minutes are folded into hours, and old hours into days; the newest slice is now.
        """
        with self.transaction() as connection:
            for piece in slices:
                rows.add(connection, piece)
            if slices and self._retention is not None:
                retention.apply(connection, self._retention, max(piece.end_s for piece in slices))

    def read(self, start_s: int, end_s: int) -> list[RollupRow]:
        """Return the slices that begin in the half-open interval, in order of time, without writing."""
        with self.snapshot() as connection:
            return rows.between(connection, start_s, end_s)

    def time_range(self) -> tuple[int, int] | None:
        """Return the first second of the first slice and the end of the last; None if there are none."""
        with self.snapshot() as connection:
            first, last = connection.execute(
                "SELECT min(start_s), max(start_s + length_s) FROM rollups"
            ).fetchone()
            return None if first is None else (int(first), int(last))

    def alert_store(self) -> SQLiteAlertStore:
        """Return the rule states and the outbox, which are in the same file."""
        return SQLiteAlertStore(self)

    def close(self) -> None:
        """Release the file; a later call opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Open the file for reading only. ``StoreError`` if it is missing or empty."""
        if self._size() is None:
            raise StoreError(f"there is no metrics store at {self.path}")
        with open_readonly(self.path) as connection:
            version = check_version(connection, schema.SCHEMA, self.path)
            if version == 0:
                raise StoreError(f"{self.path} is empty: no metrics were ever stored in it")
            if version == schema.SCHEMA.version:
                yield connection
            else:
                with migrated_copy(connection, schema.SCHEMA, self.path) as copy:
                    yield copy

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Change the file, all or nothing; other writers wait meanwhile."""
        with self._lock, translate_errors(self.path):
            if self._connection is None:
                self._connection = open_database(
                    self.path, schema.SCHEMA, durability="NORMAL", timeout_s=_TIMEOUT_S
                )
            with transaction(self._connection) as connection:
                yield connection

    def _size(self) -> int | None:
        """Return the file's size in bytes; None if there is no file."""
        file = Path(self.path)
        try:
            return file.stat().st_size if file.is_file() else None
        except OSError as error:
            raise StoreError(f"{self.path}: {error.strerror}") from error

    def _reset(self) -> None:
        """Replace the lock in the child of a fork: a thread of the parent may have held it."""
        self._lock = Lock()
        if self._connection is not None:
            _inherited.append(self._connection)
        self._connection = None
