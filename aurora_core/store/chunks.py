"""Chunks of documents in one SQLite file: many readers, one writer, and a checksum on each."""

import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from aurora_core.errors import CorruptChunk, StoreError
from aurora_core.store.sqlite import told

_BUSY_S: Final = 5.0
_APPLICATION_ID: Final = 0x41554343
"""``AUCC``: a chunk store."""
_AT_ONCE: Final = 500
"""As many ids as a query asks for at a time; SQLite has a limit."""
_CREATE: Final = (
    "CREATE TABLE IF NOT EXISTS chunks "
    "(id TEXT PRIMARY KEY, text TEXT NOT NULL, metadata TEXT NOT NULL, checksum BLOB NOT NULL) WITHOUT ROWID"
)


@dataclass(frozen=True)
class Chunk:
    """A piece of a document; ``metadata`` is what JSON can hold."""

    id: str
    text: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


class SQLiteStore:
    """Chunks by id in a file, made where there is none. Threads may share one, and processes the file.

    What :meth:`save_chunks` returned from is there after a ``kill -9``. A chunk whose checksum does not hold
    is never served: ``CorruptChunk``. All methods raise ``StoreError``.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self._writing = threading.Lock()
        self._local = threading.local()
        self._generation = 0

    def save_chunks(self, chunks: Iterable[Chunk]) -> int:
        """Keep all of the chunks or none, in the place of those of the same id; how many there were."""
        rows = [_row(chunk) for chunk in chunks]
        with self._transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO chunks VALUES (?, ?, ?, ?)", rows)
        return len(rows)

    def get_chunks(self, ids: Iterable[str]) -> list[Chunk]:
        """The chunks of these ids, in the order asked; one that is not there is left out."""
        asked = list(dict.fromkeys(ids))
        found: dict[str, Chunk] = {}
        with self._reading() as connection:
            for start in range(0, len(asked), _AT_ONCE):
                part = asked[start : start + _AT_ONCE]
                marks = ", ".join("?" * len(part))
                query = f"SELECT * FROM chunks WHERE id IN ({marks})"  # noqa: S608 - question marks only
                found |= {row[0]: self._chunk(row) for row in connection.execute(query, part)}
        return [found[name] for name in asked if name in found]

    def delete(self, ids: Iterable[str]) -> int:
        """Forget the chunks of these ids; how many were there."""
        with self._transaction() as connection:
            before = connection.total_changes
            connection.executemany("DELETE FROM chunks WHERE id = ?", [(name,) for name in ids])
            return connection.total_changes - before

    def count(self) -> int:
        """How many chunks there are."""
        with self._reading() as connection:
            return int(connection.execute("SELECT count(*) FROM chunks").fetchone()[0])

    def __iter__(self) -> Iterator[Chunk]:
        """All chunks in the order of their ids, a part at a time: others may write meanwhile."""
        last: str | None = None
        while True:
            with self._reading() as connection:
                query = "SELECT * FROM chunks WHERE ?1 IS NULL OR id > ?1 ORDER BY id LIMIT ?2"
                rows = connection.execute(query, (last, _AT_ONCE)).fetchall()
            yield from map(self._chunk, rows)
            if len(rows) < _AT_ONCE:
                return
            last = rows[-1][0]

    def close(self) -> None:
        """Give the file back; a later call opens it again.

        Another thread's connection is closed by that thread, at its next call or its end: under its feet it
        would take the process down.
        """
        self._generation += 1
        self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._writing, told(self.path):
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with told(self.path):
            yield self._connection()

    def _connection(self) -> sqlite3.Connection:
        """This thread's own; one that was open before a fork must not be used after it."""
        local = self._local
        if getattr(local, "of", None) != (os.getpid(), self._generation):
            self._drop()
            local.connection, local.of = self._opened(), (os.getpid(), self._generation)
        connection: sqlite3.Connection = local.connection
        return connection

    def _drop(self) -> None:
        process, _ = getattr(self._local, "of", None) or (None, None)
        if process == os.getpid():
            self._local.connection.close()
        self._local.of = None

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, _BUSY_S, isolation_level=None, check_same_thread=False)
        (owner,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if owner != _APPLICATION_ID and (owner or tables):
            connection.close()
            raise StoreError(f"{self.path} is the database of another program; name another file")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # a chunk that was acknowledged outlives a power cut
        if owner == 0:
            connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            connection.execute(_CREATE)
        return connection

    def _chunk(self, row: tuple[str, str, str, bytes]) -> Chunk:
        name, text, metadata, checksum = row
        if _checksum(name, text, metadata) != checksum:
            raise CorruptChunk(f"{self.path}: the chunk {name!r} is damaged; restore a backup")
        return Chunk(name, text, json.loads(metadata))


def _row(chunk: Chunk) -> tuple[str, str, str, bytes]:
    try:
        metadata = json.dumps(dict(chunk.metadata), sort_keys=True, allow_nan=False)
        return chunk.id, chunk.text, metadata, _checksum(chunk.id, chunk.text, metadata)
    except (TypeError, ValueError) as error:
        raise StoreError(f"the chunk {chunk.id!r} cannot be kept: {error}") from None


def _checksum(*parts: str) -> bytes:
    """Of the parts and where each ends, so that none can pass for a piece of another."""
    total = hashlib.blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode()
        total.update(len(encoded).to_bytes(8, "little"))
        total.update(encoded)
    return total.digest()
