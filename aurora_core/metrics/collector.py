"""The live collector: counts calls as they end, minute by minute."""

from collections import deque
from math import floor, inf
from threading import Lock
from typing import Final

from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.concurrency import reset_after_fork, spin_acquire
from aurora_core.metrics.counters import Metrics
from aurora_core.metrics.recorder import MinuteDelta, Recorder, RecorderStatus
from aurora_core.metrics.rollup import Call, FailureReason, Rollup
from aurora_core.metrics.rollup_row import RollupStore, sum_by
from aurora_core.time_units import MINUTE_S

_DAY_MINUTES: Final = 24 * 60
_END_OF_TIME_S: Final = 2**40


class MetricsCollector:
    """Counts calls, attempts, errors and cache look-ups; threads and tasks may share one.

    ``latency_target_ms``: the calls within it are counted exactly, beside the histogram. With a ``store``,
    what is counted is written to it within ten seconds, off the request path, and when the process ends;
    ``source`` is the process's name in it, by default host and process number, and ``model`` what it calls.
    With a clock of your own it is written when you say :meth:`flush`.
    """

    def __init__(
        self,
        latency_target_ms: float = 500.0,
        *,
        store: RollupStore | None = None,
        source: str | None = None,
        model: str = "",
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if not latency_target_ms > 0:
            raise ValueError(f"latency_target_ms must be a positive number, not {latency_target_ms}")
        self._target_ms = latency_target_ms
        self._clock = clock
        self._now = clock.now
        self._lock = Lock()
        self._store = store
        self._recorder: Recorder | None = None
        self._minute, self._minute_s = Rollup(), 0
        self._minutes: deque[tuple[int, Rollup]] = deque()
        self._closed: list[MinuteDelta] = []
        self._minute_ends = -inf  # no minute is open
        self.reset()
        if store is not None:
            reset_after_fork(self._reset_after_fork)
            self._recorder = Recorder(store, self._take, clock, source, model)
            if clock is SYSTEM_CLOCK:
                self._recorder.start()

    def reset(self) -> None:
        """Forget everything; what was counted before is still written to the store."""
        with self._lock:
            if self._store is not None and self._minute_ends > -inf:
                self._closed = self._pieces()
            self._before_fork = Rollup()  # all minutes but the running one
            self._minutes.clear()
            self._minute_ends = -inf
            self._open_minute()

    def record_query(
        self, latency_ms: float, success: bool = True, *, reason: FailureReason = "unspecified"
    ) -> None:
        """Count a call by its latency and its end; ``reason`` says why it failed, where it did.

        Raises ``ValueError`` for a latency that is negative or no finite number.
        """
        self._count(latency_ms, None if success else reason, None)

    def record_call(self, call: Call) -> None:
        """Count a call with all that a pipeline knows of it, in one step.

        Raises ``ValueError`` for a latency, attempts or a time in them that are negative or no finite number.
        """
        if call.attempts < 0 or not 0 <= call.attempts_s < inf:
            raise ValueError(
                f"attempts and attempts_s must be at least 0, not {call.attempts} and {call.attempts_s}"
            )
        self._count(call.latency_s * 1000.0, call.reason, call)

    def _count(self, latency_ms: float, reason: FailureReason | None, call: Call | None) -> None:
        """The hot path: every call comes through here."""
        try:
            is_time = 0 <= latency_ms < inf
        except TypeError:
            is_time = False
        if not is_time:
            raise ValueError(f"latency_ms must be a number of at least 0, not {latency_ms!r}")
        lock = self._lock
        if not lock.acquire(False):  # without `with`, which takes twice as long on Python 3.11
            spin_acquire(lock)
        try:
            if self._now() >= self._minute_ends:
                self._open_minute()
            minute = self._minute
            minute.latency.record(latency_ms)
            if latency_ms <= self._target_ms:
                minute.within_target += 1
            if reason is not None:
                minute.failures[reason] = minute.failures.get(reason, 0) + 1
            if call is not None:
                minute.count_attempts(call)
        finally:
            lock.release()

    def record_cache_access(self, hit: bool) -> None:
        """Count a look-up in the cache."""
        with self._lock:
            minute = self._running_minute()
            minute.cache_lookups += 1
            minute.cache_hits += bool(hit)

    def record_error(self, error_type: str) -> None:
        """Count an error by the name of its type."""
        with self._lock:
            self._running_minute().count_error(error_type)

    def get_metrics(self) -> Metrics:
        """Everything since the start, or since :meth:`reset`."""
        with self._lock:
            total = Rollup()
            total.merge(self._before_fork)
            total.merge(self._minute)
        return total.metrics()

    def get_metrics_last_24h(self) -> Metrics:
        """The running minute and the whole minutes of the 24 hours before it.

        With a store, those of all its processes, before a restart as well; raises ``StoreError`` where it
        cannot be read.
        """
        if self._store is not None and self._recorder is not None:
            self._recorder.flush()
            running = floor(self._clock.wall() / MINUTE_S)
            slices = self._store.read((running - _DAY_MINUTES) * MINUTE_S, (running + 1) * MINUTE_S)
            return sum_by(slices, lambda _: None).get(None, Rollup()).metrics()
        with self._lock:
            total = Rollup()
            total.merge(self._running_minute())
            *closed, _ = self._minutes
        for _, minute in closed:  # they change no more, and adding up a day would keep callers waiting
            total.merge(minute)
        return total.metrics()

    def totals(self) -> Rollup:
        """The sums since the start; with a store, those of all its processes ever, which only grow.

        Raises ``StoreError`` where the store cannot be read.
        """
        total = Rollup()
        if self._store is not None and self._recorder is not None:
            self._recorder.flush()
            return sum_by(self._store.read(0, _END_OF_TIME_S), lambda _: None).get(None, total)
        with self._lock:
            total.merge(self._before_fork)
            total.merge(self._minute)
        return total

    def flush(self) -> bool:
        """Write what was counted to the store now; false where there is none, or it refuses."""
        return self._recorder is not None and self._recorder.flush()

    def close(self) -> None:
        """Write what is left, and stop writing; counting goes on."""
        if self._recorder is not None:
            self._recorder.close()

    @property
    def recording(self) -> RecorderStatus | None:
        """How writing to the store stands; None without one."""
        return None if self._recorder is None else self._recorder.status

    def _take(self) -> list[MinuteDelta]:
        """Hand over what was counted since the last time."""
        with self._lock:
            taken = self._pieces()
            self._closed = []
            self._before_fork.merge(self._minute)
            self._minute = Rollup()
        return taken

    def _pieces(self) -> list[MinuteDelta]:
        """The closed pieces and the running one."""
        return [*self._closed, MinuteDelta(self._minute_s, self._minute)]

    def _running_minute(self) -> Rollup:
        if self._now() >= self._minute_ends:
            self._open_minute()
        return self._minute

    def _open_minute(self) -> None:
        """Close the running minute and begin the one of now; called under the lock."""
        now = self._now()
        closing, self._minute = self._minute, Rollup()
        if self._minute_ends > -inf:
            self._before_fork.merge(closing)
        if self._store is not None:  # it keeps the minutes, which are those of the wall clock
            if self._minute_ends > -inf:
                self._closed.append(MinuteDelta(self._minute_s, closing))
            wall = self._clock.wall()
            self._minute_s = floor(wall / MINUTE_S) * MINUTE_S
            self._minute_ends = now + MINUTE_S - wall % MINUTE_S
            return
        number = floor(now / MINUTE_S)
        self._minute_ends = (number + 1.0) * MINUTE_S
        self._minutes.append((number, self._minute))
        while self._minutes[0][0] < number - _DAY_MINUTES:
            self._minutes.popleft()

    def _reset_after_fork(self) -> None:
        """After a fork, in the child: what the parent counted is the parent's, and so is a lock it held."""
        self._lock = Lock()
        self._minute_ends = -inf
        self._closed = []
        self.reset()
