"""Real minutes: threads and tasks at once on one pipeline, against a provider that fails all the time."""

import asyncio
import faulthandler
import sys
import threading
import time
import tracemalloc
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple

from aurora_core.cache import QueryCache
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.errors import AuroraError
from aurora_core.metrics import Metrics, MetricsCollector, Rollup
from aurora_core.metrics.rollup_row import sum_by
from aurora_core.store import MetricsStore

from . import health
from .client import provider
from .ledger import CURRENT, Call, Ledger, Record
from .parts import LONGEST_S, pipeline
from .weather import SURGE_S, ProviderError, within

THREADS, TASKS = 8, 200
PAUSE_S, SURGING_PAUSE_S = 10.5, 7.0
"""Between two questions of one worker, on average."""
QUESTIONS, HOT, TTL_S = 2000, 100, 20.0
"""So many are asked, so many answers are in memory, and so long is one good."""
WARM_S = 120.0
"""What is there for good, such as a full cache, is there by then."""
SAMPLE_INTERVAL_S = 1.0
SILENCE_S = 2 * LONGEST_S
"""A worker that does not move for longer is stuck: it may wait for another's call, and then for its own."""


class Stored(NamedTuple):
    """The sums of the store, in numbers of our own: what the core holds on to must not be in them."""

    calls: int
    attempts: int
    lookups: int
    hits: int
    failures: dict[str, int]

    @classmethod
    def of(cls, total: Rollup):
        return cls(total.calls, total.attempts, total.cache_lookups, total.cache_hits, dict(total.failures))


class Soaked(NamedTuple):
    """All that was seen. ``holdings`` by moment; ``stuck`` are the workers that did not move or not end."""

    record: Record
    requested: int
    attempts_served: int
    stored: Stored
    counted: Metrics
    holdings: dict[str, health.Holding]
    stuck: int
    failed: list[str]
    tasks_left: int
    longest_silence_s: float


def soak(minutes, folder, seed, progress):
    """Run it; ``folder`` is for the store and the cache."""
    tracemalloc.start()
    try:
        with provider(seed, minutes * 60 + 2 * LONGEST_S) as client:
            before = health.measure()
            run = _Run(client, Path(folder), minutes * 60, seed)
            try:
                run.watch(progress)
            finally:
                run.close()
            soaked = run.soaked(before)
            del run
            soaked.holdings["all forgotten"] = health.measure()
            return soaked
    finally:
        tracemalloc.stop()


class _Run:
    def __init__(self, client, folder, seconds, seed):
        self._client, self._seconds, self._seed = client, seconds, seed
        self._store = MetricsStore(folder / "metrics.db")
        self._metrics = MetricsCollector(store=self._store, source="soak", model="loopback")
        self._cache = QueryCache(HOT, TTL_S, folder / "cache.db", metrics=self._metrics)
        jitter = Random(seed)
        self._pipeline = pipeline(SYSTEM_CLOCK, self._metrics, lambda _call: jitter.random())
        self._ledger = Ledger()
        self._stop = threading.Event()
        self._began = time.monotonic()
        self._moved = [self._began] * (THREADS + TASKS)
        self._requested = [0] * (THREADS + TASKS)
        self._failed = []
        self._tasks_left = -1
        self._stuck, self._silence_s = 0, 0.0
        self._holdings = {}
        self._threads = [
            threading.Thread(target=self._thread, args=(worker,), daemon=True) for worker in range(THREADS)
        ]
        self._threads.append(threading.Thread(target=lambda: asyncio.run(self._tasks()), daemon=True))

    def watch(self, progress):
        """Start all, look at them every second, and see to it that they end."""
        for thread in self._threads:
            thread.start()
        warm_s = min(WARM_S, self._seconds / 4)
        while (passed := self._passed()) < self._seconds - 2 * SAMPLE_INTERVAL_S and not self._stuck:
            time.sleep(SAMPLE_INTERVAL_S)
            self._find_stuck()
            progress(int(passed), int(self._seconds))
            if passed >= warm_s and "warm" not in self._holdings:
                self._holdings["warm"] = health.measure()
        self._holdings["at the end"] = health.measure()  # while all still runs, as when it was warm
        self._holdings.setdefault("warm", self._holdings["at the end"])
        self._stop.set()
        bound = time.monotonic() + LONGEST_S
        for thread in self._threads:
            thread.join(max(0.0, bound - time.monotonic()))
        self._stuck += sum(thread.is_alive() for thread in self._threads)

    def close(self):
        """Close all, whatever still runs."""
        self._stop.set()  # where an interrupt came between
        self._holdings["all ended"] = health.measure()
        self._cache.close()
        self._metrics.close()
        self._store.close()

    def soaked(self, before):
        """Read the store, and say what was seen."""
        return Soaked(
            record=self._ledger.record(),
            requested=sum(self._requested),
            attempts_served=self._client.served(),
            stored=Stored.of(sum_by(self._store.read(0, 2**40), lambda _: None)[None]),
            counted=self._metrics.get_metrics(),
            holdings={"before": before, **self._holdings, "all closed": health.measure()},
            stuck=self._stuck,
            failed=self._failed,
            tasks_left=self._tasks_left,
            longest_silence_s=self._silence_s,
        )

    def _find_stuck(self):
        silence = time.monotonic() - min(self._moved)
        self._silence_s = max(self._silence_s, silence)
        if silence > SILENCE_S:
            self._stuck += 1
            faulthandler.dump_traceback(sys.stderr)

    def _thread(self, worker):
        chance = Random(f"{self._seed}/{worker}")
        while not self._stop.wait(self._pause(chance)) and self._passed() < self._seconds:
            with self._requesting(worker):
                self._cache.get_or_compute(_question(chance), self._call)

    async def _tasks(self):
        async with asyncio.TaskGroup() as group:
            for worker in range(THREADS, THREADS + TASKS):
                group.create_task(self._task(worker))
        self._tasks_left = len(asyncio.all_tasks()) - 1

    async def _task(self, worker):
        chance = Random(f"{self._seed}/{worker}")
        while not self._stop.is_set():
            await asyncio.sleep(self._pause(chance))
            if self._passed() >= self._seconds:
                return
            with self._requesting(worker):
                await self._cache.get_or_compute_async(_question(chance), self._call_async)

    def _passed(self):
        return time.monotonic() - self._began

    def _pause(self, chance):
        """How long a worker waits before its next question, at most until all is over."""
        passed = self._passed()
        mean = SURGING_PAUSE_S if within(passed, SURGE_S) else PAUSE_S
        return max(0.0, min(chance.expovariate(1 / mean), self._seconds - passed))

    @contextmanager
    def _requesting(self, worker):
        self._moved[worker] = time.monotonic()
        self._requested[worker] += 1
        try:
            yield
        except (AuroraError, ProviderError):
            pass  # an end that the ledger knows
        except BaseException as error:
            self._failed.append(repr(error))
            raise
        self._moved[worker] = time.monotonic()

    def _call(self):
        with self._settled() as call:
            return self._pipeline.call(self._client.ask, call)

    async def _call_async(self):
        with self._settled() as call:
            return await self._pipeline.call_async(self._client.ask_async, call)

    @contextmanager
    def _settled(self):
        call, error = Call(0, time.monotonic()), None
        CURRENT.set(call)
        try:
            yield call
        except Exception as raised:
            error = raised
            raise
        finally:
            self._ledger.settle(call, error, time.monotonic())


def _question(chance):
    return f"question {chance.randrange(QUESTIONS)}"
