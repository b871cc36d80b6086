"""Open SQLite files that other threads and processes may be creating, and describe SQLite's errors."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Literal, NamedTuple

from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.errors import StoreError

_HEADER_QUERY: Final = (
    "SELECT (SELECT application_id FROM pragma_application_id), "
    "(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_master)"
)
_WAL_RETRY_S: Final = 0.005
_READ_TIMEOUT_S: Final = 5.0
_PRIMARY_CODE: Final = 0xFF
_LOCKED_CODES: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED: Final = "the file is damaged; move it away, or restore a backup"
_DESCRIPTIONS: Final = {
    "file is not a database": "not a SQLite database, or damaged; name another file, or restore a backup",
    "database disk image is malformed": _DAMAGED,
    "database or disk is full": "the disk is full",
    "disk I/O error": "the disk failed or is full",
    "database is locked": "locked by another program",
    "unable to open database file": "cannot be opened; check that its folder exists and is writable",
    "attempt to write a readonly database": "read-only; check the permissions of the file and its folder",
}

Durability = Literal["NORMAL", "FULL"]
"""What a commit survives: ``NORMAL`` a killed process, ``FULL`` also a power cut."""


class FileHeader(NamedTuple):
    """The numbers in a file's header, 0 if never set, and how many tables and indexes the file has."""

    application_id: int
    version: int
    objects: int


class Schema(NamedTuple):
    """The application that a file belongs to, and the statements that lead from each version to the next."""

    application_id: int
    migrations: Sequence[Sequence[str]]

    @property
    def version(self) -> int:
        """The newest version."""
        return len(self.migrations)


def read_header(connection: sqlite3.Connection) -> FileHeader:
    """Read the whole header at one moment.

    Read number by number, a file that is being created looks like another program's.
    """
    return FileHeader(*connection.execute(_HEADER_QUERY).fetchone())


def check_version(connection: sqlite3.Connection, schema: Schema, path: str) -> int:
    """Return the file's version, 0 for a new file. ``StoreError`` if another or a newer program wrote it."""
    header = read_header(connection)
    if not any(header):
        return 0
    if header.application_id != schema.application_id:
        raise StoreError(f"{path} is the database of another program; name another file")
    if header.version > schema.version:
        raise StoreError(
            f"{path} was written by a newer version (schema {header.version}, this program knows "
            f"{schema.version}); update aurora-resilience"
        )
    return header.version


def open_database(
    path: str, schema: Schema, *, durability: Durability, timeout_s: float
) -> sqlite3.Connection:
    """Open a file for writing, create it if it is missing, and migrate it to the newest version.

    The connection waits ``timeout_s`` for other writers; threads may share it under a lock. Several processes
    may open a new file at once. Raises ``sqlite3.Error``, and ``StoreError`` as :func:`check_version` does.
    """
    connection = sqlite3.connect(path, timeout=timeout_s, isolation_level=None, check_same_thread=False)
    try:
        version = check_version(connection, schema, path)
        enable_wal(connection, timeout_s)
        connection.execute(f"PRAGMA synchronous = {durability}")
        if version < schema.version:
            _migrate(connection, schema, path)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def open_readonly(path: str | Path, timeout_s: float = _READ_TIMEOUT_S) -> Iterator[sqlite3.Connection]:
    """Open a file that exists, without writing to it; the connection is closed on exit. ``StoreError``."""
    with translate_errors(str(path)):
        connection = _connect_readonly(Path(path).absolute(), timeout_s)
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def migrated_copy(connection: sqlite3.Connection, schema: Schema, path: str) -> Iterator[sqlite3.Connection]:
    """Copy an older file into memory and migrate the copy: a reader never writes to the file itself."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        connection.backup(copy)
        _migrate(copy, schema, path)
        yield copy


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Commit the changes of the body, or none of them if it raises. Other writers wait meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def enable_wal(connection: sqlite3.Connection, timeout_s: float) -> None:
    """Switch the file to a write-ahead log; wait at most ``timeout_s`` for others that use the file.

    SQLite does not wait by itself in this step: of several that open a new file at once, one would fail.
    """
    deadline = SYSTEM_CLOCK.now() + timeout_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & _PRIMARY_CODE == sqlite3.SQLITE_BUSY
            if not is_busy or SYSTEM_CLOCK.now() >= deadline:
                raise
            SYSTEM_CLOCK.sleep_until(SYSTEM_CLOCK.now() + _WAL_RETRY_S)
        else:
            return


@contextmanager
def translate_errors(path: str) -> Iterator[None]:
    """Raise SQLite's errors as ``StoreError``, which names the file, the cause and the fix."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {_describe(error)}") from error
    except UnicodeEncodeError as error:
        raise StoreError(f"{path}: not a text that a file can hold: {error.reason}") from error
    except UnicodeDecodeError as error:  # SQLite's own message, with the bytes that it read
        raise StoreError(f"{path}: {_DAMAGED}") from error


def is_locked(error: StoreError) -> bool:
    """Return whether another program merely holds the file locked."""
    code = getattr(error.__cause__, "sqlite_errorcode", sqlite3.SQLITE_OK)  # not all causes are SQLite's
    return code & _PRIMARY_CODE in _LOCKED_CODES


def is_unavailable(error: Exception) -> bool:
    """Return whether the file is out of reach (locked, no permission, a failing disk), and may be sound."""
    return isinstance(error.__cause__, sqlite3.OperationalError)


def _migrate(connection: sqlite3.Connection, schema: Schema, path: str) -> None:
    """Run the missing steps, all or none; another process may have run them since the version was read."""
    with transaction(connection):
        version = check_version(connection, schema, path)
        for statements in schema.migrations[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {schema.version:d}")
        connection.execute(f"PRAGMA application_id = {schema.application_id:d}")


def _connect_readonly(path: Path, timeout_s: float) -> sqlite3.Connection:
    """Connect; treat the file as immutable if nothing can be written beside it and there is no log.

    A reader of a write-ahead log writes to the index beside it if no other process has the file open.
    """
    url = f"{path.as_uri()}?mode=ro"
    connection = sqlite3.connect(url, timeout=timeout_s, uri=True)
    try:
        connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        log = path.with_name(f"{path.name}-wal")
        if os.access(path.parent, os.W_OK) or (log.exists() and log.stat().st_size):
            raise
        return sqlite3.connect(f"{url}&immutable=1", timeout=timeout_s, uri=True)
    except BaseException:
        connection.close()
        raise
    return connection


def _describe(error: sqlite3.Error) -> str:
    text = str(error)
    return next((description for pattern, description in _DESCRIPTIONS.items() if pattern in text), text)
