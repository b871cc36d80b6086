"""Answers that are kept: hot ones in memory, warm ones in a file that outlives the process."""

import asyncio
import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Final, NamedTuple, Self

from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.metrics import MetricsCollector

_log: Final = logging.getLogger("aurora_core.cache")
_BUSY_S: Final = 1.0
_CREATE: Final = (
    "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL, kept_s REAL NOT NULL)"
)


class _Abandoned(Exception):  # noqa: N818 - says what happened
    """Whoever asked was interrupted or cancelled: that is no answer for the others."""


class _Entry(NamedTuple):
    answer: str
    kept_s: float


class QueryCache:
    """Texts by key, each good for ``ttl`` seconds; threads and tasks may share one, and processes the file.

    The ``hot_size`` that were used last are in memory, all of them in the SQLite file ``path``; without one
    the cache ends with the process. A look-up is recorded with ``metrics``. A file that fails makes misses,
    which is said once, and never an error: what is cached can be asked for again.
    """

    def __init__(
        self,
        hot_size: int = 2000,
        ttl: float = 600.0,
        path: str | Path | None = None,
        *,
        metrics: MetricsCollector | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if hot_size < 0:
            raise ValueError(f"hot_size must be at least 0, not {hot_size}")
        if not ttl > 0:
            raise ValueError(f"ttl must be a positive number of seconds, not {ttl}")
        self._hot_size = hot_size
        self._ttl = ttl
        self._metrics = metrics
        self._clock = clock
        self._lock = Lock()
        self._hot: OrderedDict[str, _Entry] = OrderedDict()
        self._flights: dict[str, Future[str]] = {}
        self._warm = _Warm(path) if path is not None else None

    def get(self, key: str) -> str | None:
        """The answer that is kept for the key; None where there is none that is good still."""
        entry = self._find(key)
        if self._metrics is not None:
            self._metrics.record_cache_access(entry is not None)
        return None if entry is None else entry.answer

    def put(self, key: str, answer: str) -> None:
        """Keep an answer from now on."""
        entry = _Entry(answer, self._clock.wall())
        with self._lock:
            self._heat(key, entry)
            if self._warm is not None:
                self._warm.put(key, entry)

    def get_or_ask(self, key: str, ask: Callable[[], str]) -> str:
        """The answer that is kept, or that of ``ask``, which many who miss one key at once call once.

        An error that it raises goes to all of them, and nothing is kept. Where whoever asks is interrupted,
        the next one asks.
        """
        while (answer := self.get(key)) is None:
            flight, mine = self._board(key)
            if mine:
                with self._flying(key, flight):
                    answer = ask()
                    self.put(key, answer)
                    flight.set_result(answer)
                return answer
            with suppress(_Abandoned):
                return flight.result()
        return answer

    async def get_or_ask_async(self, key: str, ask: Callable[[], Awaitable[str]]) -> str:
        """:meth:`get_or_ask` for tasks; they share flights with threads."""
        while (answer := self.get(key)) is None:
            flight, mine = self._board(key)
            if mine:
                with self._flying(key, flight):
                    answer = await ask()
                    self.put(key, answer)
                    flight.set_result(answer)
                return answer
            with suppress(_Abandoned):
                return await asyncio.shield(asyncio.wrap_future(flight))
        return answer

    def invalidate(self, key: str) -> None:
        """Forget one key."""
        with self._lock:
            self._hot.pop(key, None)
            if self._warm is not None:
                self._warm.forget("key = ?", key)

    def invalidate_prefix(self, prefix: str) -> None:
        """Forget all keys that begin so."""
        with self._lock:
            for key in [key for key in self._hot if key.startswith(prefix)]:
                del self._hot[key]
            if self._warm is not None:
                self._warm.forget("substr(key, 1, length(?1)) = ?1", prefix)

    def invalidate_older_than(self, seconds: float) -> None:
        """Forget what has been kept for longer."""
        moment = self._clock.wall() - seconds
        with self._lock:
            for key in [key for key, entry in self._hot.items() if entry.kept_s < moment]:
                del self._hot[key]
            if self._warm is not None:
                self._warm.forget("kept_s < ?", moment)

    def close(self) -> None:
        """Drop what is past its time, and give the file back."""
        self.invalidate_older_than(self._ttl)
        with self._lock:
            if self._warm is not None:
                self._warm.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _board(self, key: str) -> tuple[Future[str], bool]:
        """The flight for the key, and whether it is the caller's own."""
        with self._lock:
            mine = key not in self._flights
            flight = self._flights.setdefault(key, Future())
            return flight, mine

    @contextmanager
    def _flying(self, key: str, flight: Future[str]) -> Iterator[None]:
        """Tell those who wait how it ended, whatever happens."""
        try:
            yield
        except BaseException as error:
            flight.set_exception(error if isinstance(error, Exception) else _Abandoned())
            raise
        finally:
            with self._lock:
                del self._flights[key]

    def _find(self, key: str) -> _Entry | None:
        with self._lock:
            entry = self._hot.get(key)
            if entry is None and self._warm is not None:
                entry = self._warm.get(key)
            # An entry from the future was kept before the clock was set back: how old it is nobody knows.
            if entry is None or not 0 <= self._clock.wall() - entry.kept_s < self._ttl:
                self._hot.pop(key, None)
                return None
            self._heat(key, entry)
            return entry

    def _heat(self, key: str, entry: _Entry) -> None:
        self._hot[key] = entry
        self._hot.move_to_end(key)
        while len(self._hot) > self._hot_size:
            self._hot.popitem(last=False)


class _Warm:
    """The file; whoever calls holds the cache's lock."""

    def __init__(self, path: str | Path) -> None:
        self._path = str(path)
        self._connection: sqlite3.Connection | None = None
        self._failed = False

    def get(self, key: str) -> _Entry | None:
        rows = self._execute("SELECT answer, kept_s FROM answers WHERE key = ?", key)
        return _Entry(*rows[0]) if rows else None

    def put(self, key: str, entry: _Entry) -> None:
        self._execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", key, *entry)

    def forget(self, condition: str, value: str | float) -> None:
        self._execute(f"DELETE FROM answers WHERE {condition}", value)  # noqa: S608 - conditions of this file

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _execute(self, query: str, *values: str | float) -> list[tuple[str, float]]:
        try:
            if self._connection is None:
                self._connection = self._opened()
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            if not self._failed:
                _log.error("the cache's file fails, and misses: %s: %s", self._path, error)
            self._failed = True
            return []

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, _BUSY_S, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_CREATE)
        return connection
