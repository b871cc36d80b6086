"""Metrics in one SQLite file, which several processes write and anybody reads."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from aurora_core.errors import StoreError
from aurora_core.metrics.rollup_row import RollupRow
from aurora_core.opening import keep_a_log
from aurora_core.store import retention, rows, schema
from aurora_core.store.retention import Retention

_BUSY_S: Final = 5.0


class MetricsStore:
    """Slices of metrics in a file; threads may share one, and processes the file.

    What :meth:`write` returned from is there after a ``kill -9``: each write is one transaction in the
    write-ahead log. (After a power cut the last seconds may be missing, but the file is whole:
    ``synchronous=NORMAL``.) A reader never blocks a writer. All methods raise ``StoreError``. Without a
    ``retention`` every minute is kept.
    """

    def __init__(
        self,
        path: str | Path,
        retention: Retention | None = Retention(),  # noqa: B008 - frozen
    ) -> None:
        self.path = str(path)
        self._retention = retention
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = os.getpid()

    def write(self, slices: Sequence[RollupRow]) -> None:
        """Keep all of the slices or none; what is there for the same time, source and model is added to.

        Once an hour old minutes are folded into hours, and old hours into days; the newest slice is now.
        """
        with self.transaction() as connection:
            for piece in slices:
                rows.add(connection, piece)
            if slices and self._retention is not None:
                retention.apply(connection, self._retention, max(piece.end_s for piece in slices))

    def read(self, start_s: int, end_s: int) -> list[RollupRow]:
        """The slices that begin in the half-open stretch, in order of time."""
        return read(self.path, start_s, end_s)

    def close(self) -> None:
        """Give the file back; a later call opens it again."""
        with self._lock:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection to change the file with, whole or not at all; other writers wait meanwhile."""
        with self._lock, told(self.path):
            connection = self._opened()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _opened(self) -> sqlite3.Connection:
        """The connection of this process: one that was open before a fork must not be used after it."""
        if self._connection is None or self._process != os.getpid():
            connection = sqlite3.connect(
                self.path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
            )
            keep_a_log(connection, _BUSY_S)
            connection.execute("PRAGMA synchronous = NORMAL")
            schema.migrate(connection, self.path)
            self._connection, self._process = connection, os.getpid()
        return self._connection


def read(path: str | Path, start_s: int, end_s: int) -> list[RollupRow]:
    """Read a store without writing to it. ``StoreError`` where there is none, or it cannot be read."""
    with opened_to_read(path) as connection:
        return rows.between(connection, start_s, end_s)


def extent(path: str | Path) -> tuple[int, int] | None:
    """From when to before when there are slices, seconds of UTC; None where there are none."""
    with opened_to_read(path) as connection:
        first, last = connection.execute(
            "SELECT min(start_s), max(start_s + length_s) FROM slices"
        ).fetchone()
        return None if first is None else (int(first), int(last))


@contextmanager
def opened_to_read(path: str | Path) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write; closed in the end."""
    file = Path(path)
    if not file.is_file():
        raise StoreError(f"there is no metrics store at {path}")
    with told(str(path)):
        connection = _connected_to_read(file)
        try:
            if schema.check(connection, str(path)) == 0:
                raise StoreError(f"{path} is empty: nothing was ever recorded in it")
            yield connection
        finally:
            connection.close()


def _connected_to_read(file: Path) -> sqlite3.Connection:
    """Connect; where nothing can be written and no log lies beside it, as to a file that never changes.

    A reader of a write-ahead log writes to the index beside it, if nobody else has it open.
    """
    address = f"{file.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, timeout=_BUSY_S, uri=True)
    try:
        connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        log = file.with_name(f"{file.name}-wal")
        if os.access(file.absolute().parent, os.W_OK) or (log.exists() and log.stat().st_size):
            raise
        return sqlite3.connect(f"{address}&immutable=1", timeout=_BUSY_S, uri=True)
    return connection


@contextmanager
def told(path: str) -> Iterator[None]:
    """SQLite's errors, in words that say which file, what is wrong and how to mend it."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {_reason(error)}") from error


def _reason(error: sqlite3.Error) -> str:
    text = str(error)
    hints = {
        "file is not a database": "it is not a metrics store, or it is damaged; name another file",
        "database disk image is malformed": "the file is damaged; move it away, or restore a backup",
        "database or disk is full": "the disk is full",
        "disk I/O error": "the disk failed, or is full",
        "database is locked": "another program holds the file locked",
        "unable to open database file": "it cannot be opened; is its folder there, and may you write to it?",
        "attempt to write a readonly database": "it cannot be written to",
    }
    return next((hint for words, hint in hints.items() if words in text), text)
