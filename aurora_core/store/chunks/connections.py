"""Connections to a chunk store's file: one per thread, always to the file that has the name now."""

import os
import sqlite3
import threading
from pathlib import Path
from typing import Final, NamedTuple

from aurora_core.concurrency import close_before_fork
from aurora_core.errors import StoreError
from aurora_core.sqlite import Schema, open_database
from aurora_core.store.chunks import replication_state

_TIMEOUT_S: Final = 5.0
_APPLICATION_ID: Final = 0x41554343
"""``AUCC``: a chunk store."""
_CHUNKS: Final = (
    "CREATE TABLE IF NOT EXISTS chunks "
    "(id TEXT PRIMARY KEY, text TEXT NOT NULL, metadata TEXT NOT NULL, checksum BLOB NOT NULL) WITHOUT ROWID"
)
_SCHEMA: Final = Schema(_APPLICATION_ID, [(_CHUNKS, *replication_state.TABLES), replication_state.RENAMES])
_inherited: Final[list[sqlite3.Connection]] = []
"""Connections of other threads that were open at a fork: the child must not use, close or free them."""


class _ConnectionKey(NamedTuple):
    """What a connection is valid for: the process, the store's generation, the inodes of file and log."""

    process: int
    generation: int
    file: int | None
    log: int | None


class Connections:
    """A pool with one connection per thread. Creates the file on first use if ``create`` is true."""

    def __init__(self, path: str, *, create: bool) -> None:
        self._path = path
        self._file, self._log = Path(path), Path(f"{path}-wal")
        self._create = create
        self._local = threading.local()
        self._generation = 0
        close_before_fork(self.release)

    def get(self) -> sqlite3.Connection:
        """Return this thread's connection; open another if the file was replaced or the store was closed."""
        local = self._local
        if getattr(local, "key", None) != self._current_key():
            self.release()
            local.connection = self._open()
            local.key = self._current_key()
        connection: sqlite3.Connection = local.connection
        return connection

    def verify(self) -> None:
        """Raise ``StoreError`` if what this thread just wrote is not in the file that has the name now."""
        if self._local.key[2:] != self._current_key()[2:]:  # another thread may have closed the store
            raise StoreError(
                f"{self._path} or its log was taken away while it was written; the last write may be lost"
            )

    def exists(self) -> bool:
        """Return whether there is a file that is not empty.

        SQLite would take an empty file for a new one, and discard the log beside it.
        """
        try:
            return self._file.stat().st_size > 0
        except OSError:
            return False

    def close(self) -> None:
        """Close this thread's connection; other threads close theirs at their next call or their end.

        SQLite crashes the process if a connection is closed while another thread uses it.
        """
        self._generation += 1
        self.release()

    def release(self) -> None:
        """Close this thread's connection."""
        key = getattr(self._local, "key", None)
        if key is None:
            return
        if key.process == os.getpid():
            self._local.connection.close()
        else:
            _inherited.append(self._local.connection)
        self._local.key = None

    def _current_key(self) -> _ConnectionKey:
        return _ConnectionKey(os.getpid(), self._generation, _inode(self._file), _inode(self._log))

    def _open(self) -> sqlite3.Connection:
        if not self._create and not self.exists():
            raise StoreError(f"{self._path} does not exist; restore it, or promote the replica")
        # A chunk that was acknowledged survives a power cut.
        connection = open_database(self._path, _SCHEMA, durability="FULL", timeout_s=_TIMEOUT_S)
        try:
            connection.execute("SELECT 1 FROM replication_state").fetchone()  # creates the log
        except BaseException:
            connection.close()
            raise
        self._create = False
        return connection


def _inode(file: Path) -> int | None:
    try:
        return file.stat().st_ino
    except OSError:
        return None
