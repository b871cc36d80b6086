"""The cache itself: what is hot, what is under way, and the order in which answers change."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from aurora_core.cache.disk import DiskCache, Entry
from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.concurrency import close_before_fork, reset_after_fork
from aurora_core.metrics import MetricsCollector
from aurora_core.singleflight import LeaderCancelled, SingleFlight


class QueryCache:
    """Texts by key, each good for ``ttl`` seconds; threads and tasks may share one, and processes the file.

    The ``hot_size`` that were used last are in memory, all of them in the SQLite file ``path``; without one
    the cache ends with the process. What another process has in memory it keeps for its time, whatever is
    forgotten here. A look-up is recorded with ``metrics``. A file that fails makes misses, which is said
    once, and never an error: what is cached can be asked for again.
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
        self._memory: OrderedDict[str, Entry] = OrderedDict()
        self._flights: SingleFlight[str] = SingleFlight()
        self._disk = None if path is None else DiskCache(path, ttl, clock)
        self._reset_after_fork()
        close_before_fork(self._close_file)
        reset_after_fork(self._reset_after_fork)

    def get(self, key: str) -> str | None:
        """The answer that is kept for the key; None where there is none that is good still."""
        return self._record_access(self._find(key))

    def put(self, key: str, answer: str) -> None:
        """Keep an answer from now on."""
        with self._write_lock:
            self._flights.forget(key.__eq__)
            self._keep(key, answer)

    def get_or_compute(self, key: str, ask: Callable[[], str]) -> str:
        """The answer that is kept, or that of ``ask``, which many who miss one key at once call once.

        An error that it raises goes to all of them, and nothing is kept; nor is an answer whose key was
        forgotten while it was asked for. Where whoever asks is interrupted, the next one asks.
        """
        while (answer := self.get(key)) is None:
            flight, is_leader = self._flights.join(key)
            if is_leader:
                with self._flights.lead(key, flight):
                    entry = self._find(key)  # who asked before may have landed just now
                    answer = ask() if entry is None else entry.answer
                    self._store_computed(key, flight, answer)
                return answer
            with suppress(LeaderCancelled):
                return flight.result()
        return answer

    async def get_or_compute_async(self, key: str, ask: Callable[[], Awaitable[str]]) -> str:
        """:meth:`get_or_compute` for tasks; they share flights with threads. The file is used in a thread."""
        while (answer := self._record_access(await self._find_async(key))) is None:
            flight, is_leader = self._flights.join(key)
            if is_leader:
                with self._flights.lead(key, flight):
                    entry = await self._find_async(key)
                    answer = await ask() if entry is None else entry.answer
                    if self._disk is None:
                        self._store_computed(key, flight, answer)
                    else:
                        await asyncio.to_thread(self._store_computed, key, flight, answer)
                return answer
            with suppress(LeaderCancelled):
                return await asyncio.shield(asyncio.wrap_future(flight))
        return answer

    def invalidate(self, key: str) -> None:
        """Forget one key."""
        with self._write_lock:
            self._drop(key.__eq__)
            if self._disk is not None:
                self._disk.forget(key)

    def invalidate_prefix(self, prefix: str) -> None:
        """Forget all keys that begin so."""
        with self._write_lock:
            self._drop(lambda key: key.startswith(prefix))
            if self._disk is not None:
                self._disk.forget_prefix(prefix)

    def invalidate_older_than(self, seconds: float) -> None:
        """Forget what has been kept for longer."""
        moment_s = self._clock.wall() - seconds
        with self._write_lock:
            with self._lock:
                for key in [key for key, entry in self._memory.items() if entry.kept_s < moment_s]:
                    del self._memory[key]
            if self._disk is not None:
                self._disk.forget_older_than(moment_s)

    def close(self) -> None:
        """Drop what is past its time, and give the file back."""
        self.invalidate_older_than(self._ttl)
        self._close_file()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _reset_after_fork(self) -> None:
        """After a fork, in the child: a lock may be one that a thread of the parent held."""
        self._lock = Lock()  # held for what is in memory only: who finds an answer there waits for no file
        self._write_lock = Lock()  # held for memory and file together, so that both change in one order

    def _close_file(self) -> None:
        with self._write_lock:
            if self._disk is not None:
                self._disk.close()

    def _record_access(self, entry: Entry | None) -> str | None:
        if self._metrics is not None:
            self._metrics.record_cache_access(entry is not None)
        return None if entry is None else entry.answer

    def _find(self, key: str) -> Entry | None:
        entry = self._find_in_memory(key)
        return self._find_on_disk(key) if entry is None and self._disk is not None else entry

    async def _find_async(self, key: str) -> Entry | None:
        entry = self._find_in_memory(key)
        if entry is None and self._disk is not None:
            return await asyncio.to_thread(self._find_on_disk, key)
        return entry

    def _find_in_memory(self, key: str) -> Entry | None:
        with self._lock:
            entry = self._memory.get(key)
            if entry is None or not self._is_good(entry):
                self._memory.pop(key, None)
                return None
            self._memory.move_to_end(key)
            return entry

    def _find_on_disk(self, key: str) -> Entry | None:
        with self._write_lock:
            entry = None if self._disk is None else self._disk.get(key)
            if entry is None or not self._is_good(entry):
                return None
            self._remember(key, entry)
            return entry

    def _is_good(self, entry: Entry) -> bool:
        """One from the future was kept before the clock was set back: how old it is nobody knows."""
        return 0 <= self._clock.wall() - entry.kept_s < self._ttl

    def _store_computed(self, key: str, flight: Future[str], answer: str) -> None:
        """Keep the answer, unless the key was forgotten meanwhile, and tell those who wait."""
        with self._write_lock:
            if self._flights.is_current(key, flight):
                self._keep(key, answer)
        flight.set_result(answer)

    def _keep(self, key: str, answer: str) -> None:
        entry = Entry(answer, self._clock.wall())
        self._remember(key, entry)
        if self._disk is not None:
            self._disk.put(key, entry)

    def _remember(self, key: str, entry: Entry) -> None:
        with self._lock:
            self._memory[key] = entry
            self._memory.move_to_end(key)
            while len(self._memory) > self._hot_size:
                self._memory.popitem(last=False)

    def _drop(self, among: Callable[[str], bool]) -> None:
        self._flights.forget(among)
        with self._lock:
            for key in list(filter(among, self._memory)):
                del self._memory[key]
