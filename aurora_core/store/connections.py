"""Connections to a chunk store's file, one a thread, each to the file that bears the name now."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from aurora_core.concurrency import close_before_fork
from aurora_core.errors import StoreError
from aurora_core.opening import head_of, keep_a_log
from aurora_core.store import standing

_BUSY_S: Final = 5.0
_APPLICATION_ID: Final = 0x41554343
"""``AUCC``: a chunk store."""
_CHUNKS: Final = (
    "CREATE TABLE IF NOT EXISTS chunks "
    "(id TEXT PRIMARY KEY, text TEXT NOT NULL, metadata TEXT NOT NULL, checksum BLOB NOT NULL) WITHOUT ROWID"
)
_inherited: Final[list[sqlite3.Connection]] = []
"""Another thread's connection that was open at a fork must be neither used nor closed after it, nor freed."""


class _Of(NamedTuple):
    """Whose connection it is: the process, how often the store was closed, the file and its log."""

    process: int
    generation: int
    file: int | None
    log: int | None


class Connections:
    """The file is made where there is none, if it may be, and only the first time."""

    def __init__(self, path: str, make: bool) -> None:
        self._path = path
        self._file, self._log = Path(path), Path(f"{path}-wal")
        self._make = make
        self._local = threading.local()
        self._generation = 0
        close_before_fork(self.let_go)

    def own(self) -> sqlite3.Connection:
        """This thread's own, opened anew where the file is another than it was, or was closed meanwhile."""
        local = self._local
        if getattr(local, "of", None) != self._now():
            self.let_go()
            local.connection = self._opened()
            local.of = self._now()
        connection: sqlite3.Connection = local.connection
        return connection

    def check(self) -> None:
        """Whether what was just written went where the name leads. ``StoreError`` where it did not."""
        if self._local.of[2:] != self._now()[2:]:  # another thread may have closed the store meanwhile
            raise StoreError(
                f"{self._path} or its log was taken away while it was written; what is in it is not sure"
            )

    def is_there(self) -> bool:
        """An empty file is none: SQLite would take it for a new one, and throw away the log beside it."""
        try:
            return self._file.stat().st_size > 0
        except OSError:
            return False

    def close(self) -> None:
        """Close this thread's, and have each other thread close its own at its next call or its end.

        Under its feet it would take the process down.
        """
        self._generation += 1
        self.let_go()

    def let_go(self) -> None:
        """Close this thread's."""
        of = getattr(self._local, "of", None)
        if of is None:
            return
        if of.process == os.getpid():
            self._local.connection.close()
        else:
            _inherited.append(self._local.connection)
        self._local.of = None

    def _now(self) -> _Of:
        return _Of(os.getpid(), self._generation, _number(self._file), _number(self._log))

    def _opened(self) -> sqlite3.Connection:
        if not self._make and not self.is_there():
            raise StoreError(f"{self._path} is gone; bring it back, or promote the replica")
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        with _closed_unless_well(connection):
            head = head_of(connection)
            if not head.belongs_to(_APPLICATION_ID):
                raise StoreError(f"{self._path} is the database of another program; name another file")
            keep_a_log(connection, _BUSY_S)
            # A chunk that was acknowledged outlives a power cut.
            connection.execute("PRAGMA synchronous = FULL")
            if not head.objects:
                _fill(connection)
            connection.execute("SELECT 1 FROM standing").fetchone()  # from now on there is a log
        self._make = False
        return connection


def _fill(connection: sqlite3.Connection) -> None:
    """Make the tables, whole or not at all; several processes may try at once."""
    connection.execute("BEGIN IMMEDIATE")
    for table in (_CHUNKS, *standing.TABLES):
        connection.execute(table)
    if not connection.execute("SELECT EXISTS (SELECT 1 FROM standing)").fetchone()[0]:
        standing.begin(connection)
    connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    connection.execute("COMMIT")


@contextmanager
def _closed_unless_well(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _number(file: Path) -> int | None:
    try:
        return file.stat().st_ino
    except OSError:
        return None
