"""Chunks of documents in one SQLite file: many readers, one writer, and a checksum on each."""

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
from aurora_core.store import standing
from aurora_core.store.connections import Connections
from aurora_core.store.sqlite import told

_AT_ONCE: Final = 500
"""As many ids as a query asks for at a time; SQLite has a limit."""


@dataclass(frozen=True)
class Chunk:
    """A piece of a document; ``metadata`` is what JSON can hold."""

    id: str
    text: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


class SQLiteStore:
    """Chunks by id in a file, made where there is none. Threads may share one, and processes the file.

    What :meth:`save_chunks` returned from is there after a ``kill -9``. A chunk whose checksum does not hold
    is never served: ``CorruptChunk``. A file that was there and is gone is not made anew. All methods raise
    ``StoreError``.
    """

    def __init__(self, path: str | Path, *, make: bool = True) -> None:
        self.path = str(path)
        self._connections = Connections(self.path, make)
        self._reset_after_fork()
        reset_after_fork(self._reset_after_fork)

    def save_chunks(self, chunks: Iterable[Chunk]) -> int:
        """Keep all of the chunks or none, in the place of those of the same id; how many there were."""
        rows = [_row(chunk) for chunk in chunks]
        with self.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO chunks VALUES (?, ?, ?, ?)", rows)
            standing.note_saved(connection, (row[0] for row in rows))
        return len(rows)

    def get_chunks(self, ids: Iterable[str]) -> list[Chunk]:
        """The chunks of these ids as of one moment, in the order asked; one that is not there is left out."""
        asked = list(dict.fromkeys(ids))
        found: dict[str, Chunk] = {}
        with self.reading() as connection:
            for start in range(0, len(asked), _AT_ONCE):
                part = asked[start : start + _AT_ONCE]
                marks = ", ".join("?" * len(part))
                query = f"SELECT * FROM chunks WHERE id IN ({marks})"  # noqa: S608 - question marks only
                found |= {row[0]: self._chunk(row) for row in connection.execute(query, part).fetchall()}
        return [found[name] for name in asked if name in found]

    def delete(self, ids: Iterable[str]) -> int:
        """Forget the chunks of these ids; how many were there."""
        names = list(ids)
        with self.writing() as connection:
            gone = connection.executemany("DELETE FROM chunks WHERE id = ?", [(name,) for name in names])
            standing.note_deleted(connection, names)
        return max(0, gone.rowcount)

    def count(self) -> int:
        """How many chunks there are."""
        with self.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM chunks").fetchone()[0])

    def __iter__(self) -> Iterator[Chunk]:
        """All chunks in the order of their ids, a part at a time: others may write meanwhile."""
        last: str | None = None
        while True:
            with self.reading() as connection:
                query = "SELECT * FROM chunks WHERE ?1 IS NULL OR id > ?1 ORDER BY id LIMIT ?2"
                rows = connection.execute(query, (last, _AT_ONCE)).fetchall()
            yield from map(self._chunk, rows)
            if len(rows) < _AT_ONCE:
                return
            last = rows[-1][0]

    def stands(self) -> standing.Standing | None:
        """What the file knows of itself; None where there is none."""
        if not self._connections.is_there():
            return None
        with self.reading() as connection:
            return standing.read(connection, self.path)

    def let_go(self) -> None:
        """Give back what this thread has of the file, which may hold on to one that is gone."""
        self._connections.let_go()

    def close(self) -> None:
        """Give the file back; a later call opens it again."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees the file as of one moment."""
        with _told(self.path):
            connection = self._connections.own()
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def writing(self, *, counted: bool = True) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are kept whole or not at all, and only by a primary if ``counted``."""
        with self._writing, _told(self.path):
            connection = self._connections.own()
            connection.execute("BEGIN IMMEDIATE")
            try:
                if counted:
                    standing.count_a_write(connection, self.path)
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            self._connections.check()

    def _reset_after_fork(self) -> None:
        """After a fork, in the child: the lock may be one that a thread of the parent held."""
        self._writing = threading.Lock()

    def _chunk(self, row: tuple[str, str, str, bytes]) -> Chunk:
        name, text, metadata, checksum = row
        if not all(isinstance(part, str) for part in row[:3]) or _checksum(name, text, metadata) != checksum:
            raise CorruptChunk(f"{self.path}: the chunk {name!r} is damaged; restore a backup")
        return Chunk(name, text, json.loads(metadata))


@contextmanager
def _told(path: str) -> Iterator[None]:
    """What SQLite raises, and Python where an id is no text that a file can hold."""
    try:
        with told(path):
            yield
    except UnicodeEncodeError as error:
        raise StoreError(f"{path}: an id cannot be looked for: {error.reason}") from None
    except UnicodeDecodeError as error:  # SQLite's own words, with what it read in them
        raise StoreError(f"{path}: the file is damaged; move it away, or restore a backup") from error


def _row(chunk: Chunk) -> tuple[str, str, str, bytes]:
    try:
        metadata = json.dumps(dict(chunk.metadata), sort_keys=True, allow_nan=False)
        return chunk.id, chunk.text, metadata, _checksum(chunk.id, chunk.text, metadata)
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise StoreError(f"the chunk {chunk.id!r} cannot be kept: {error}") from None


def _checksum(*parts: str) -> bytes:
    """Of the parts and where each ends, so that none can pass for a piece of another."""
    total = hashlib.blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode()
        total.update(len(encoded).to_bytes(8, "little"))
        total.update(encoded)
    return total.digest()
