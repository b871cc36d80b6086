"""Chunks of documents in one SQLite file: many readers, one writer, a checksum per chunk."""

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from aurora_core.concurrency import reset_after_fork
from aurora_core.errors import CorruptChunk, StoreError
from aurora_core.sqlite import transaction, translate_errors
from aurora_core.store.chunks import replication_state
from aurora_core.store.chunks.connections import Connections
from aurora_core.store.chunks.replication_state import StoreState

_BATCH_SIZE: Final = 500
"""Ids per query; SQLite limits them."""


@dataclass(frozen=True)
class Chunk:
    """A piece of a document; ``metadata`` is anything that JSON can hold."""

    id: str
    text: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


class SQLiteStore:
    """Chunks by id in a file. Threads may share a store, and processes the file.

    The file is created on first use if ``create`` is true; one that disappears later is not created again.
    What :meth:`save_chunks` returned from survives a ``kill -9``. A chunk with a wrong checksum is never
    served: ``CorruptChunk``. All methods raise ``StoreError``.
    """

    def __init__(self, path: str | Path, *, create: bool = True) -> None:
        self.path = str(path)
        self._connections = Connections(self.path, create=create)
        self._reset()
        reset_after_fork(self._reset)

    def save_chunks(self, chunks: Iterable[Chunk]) -> int:
        """Store all chunks or none, replace those of the same id, and return how many were given."""
        rows = [_row(chunk) for chunk in chunks]
        with self.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO chunks VALUES (?, ?, ?, ?)", rows)
            replication_state.record_saves(connection, (row[0] for row in rows))
        return len(rows)

    def get_chunks(self, ids: Iterable[str]) -> list[Chunk]:
        """Return the chunks of these ids at one moment, in the order of the ids, without missing ones."""
        names = list(dict.fromkeys(ids))
        found: dict[str, Chunk] = {}
        with self.reading() as connection:
            for start in range(0, len(names), _BATCH_SIZE):
                part = names[start : start + _BATCH_SIZE]
                marks = ", ".join("?" * len(part))
                query = f"SELECT * FROM chunks WHERE id IN ({marks})"  # noqa: S608 - question marks only
                found |= {row[0]: self._chunk(row) for row in connection.execute(query, part).fetchall()}
        return [found[name] for name in names if name in found]

    def delete(self, ids: Iterable[str]) -> int:
        """Delete the chunks of these ids, and return how many there were."""
        names = list(ids)
        with self.writing() as connection:
            gone = connection.executemany("DELETE FROM chunks WHERE id = ?", [(name,) for name in names])
            replication_state.record_deletes(connection, names)
        return max(0, gone.rowcount)

    def count(self) -> int:
        """Return how many chunks there are."""
        with self.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM chunks").fetchone()[0])

    def __iter__(self) -> Iterator[Chunk]:
        """Yield all chunks in the order of their ids, in batches: others may write meanwhile."""
        last: str | None = None
        while True:
            with self.reading() as connection:
                query = "SELECT * FROM chunks WHERE ?1 IS NULL OR id > ?1 ORDER BY id LIMIT ?2"
                rows = connection.execute(query, (last, _BATCH_SIZE)).fetchall()
            yield from map(self._chunk, rows)
            if len(rows) < _BATCH_SIZE:
                return
            last = rows[-1][0]

    def state(self) -> StoreState | None:
        """Return the file's replication state; None if there is no file."""
        if not self._connections.exists():
            return None
        with self.reading() as connection:
            return replication_state.read_state(connection, self.path)

    def release(self) -> None:
        """Close this thread's connection, which may keep a removed file open."""
        self._connections.release()

    def close(self) -> None:
        """Release the file; a later call opens it again."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Open a connection that sees the file at one moment."""
        with translate_errors(self.path):
            connection = self._connections.get()
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def writing(self, *, counted: bool = True) -> Iterator[sqlite3.Connection]:
        """Change the file, all or nothing; only a primary if ``counted``."""
        with self._writing, translate_errors(self.path):
            with transaction(self._connections.get()) as connection:
                if counted:
                    replication_state.next_sequence(connection, self.path)
                yield connection
            self._connections.verify()

    def _reset(self) -> None:
        """Replace the lock in the child of a fork: a thread of the parent may have held it."""
        self._writing = threading.Lock()

    def _chunk(self, row: tuple[str, str, str, bytes]) -> Chunk:
        name, text, metadata, checksum = row
        if not all(isinstance(part, str) for part in row[:3]) or _checksum(name, text, metadata) != checksum:
            raise CorruptChunk(f"{self.path}: the chunk {name!r} is damaged; restore a backup")
        return Chunk(name, text, json.loads(metadata))


def _row(chunk: Chunk) -> tuple[str, str, str, bytes]:
    try:
        metadata = json.dumps(dict(chunk.metadata), sort_keys=True, allow_nan=False)
        return chunk.id, chunk.text, metadata, _checksum(chunk.id, chunk.text, metadata)
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise StoreError(f"the chunk {chunk.id!r} cannot be stored: {error}") from None


def _checksum(*parts: str) -> bytes:
    """Hash the parts and their lengths, so that no two ways to split a text have the same checksum."""
    total = hashlib.blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode()
        total.update(len(encoded).to_bytes(8, "little"))
        total.update(encoded)
    return total.digest()
