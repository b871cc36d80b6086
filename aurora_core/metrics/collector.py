"""The live collector: counts calls as they end, minute by minute."""

from collections import deque
from math import floor, inf
from threading import Lock
from typing import Final

from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.locks import wait_for
from aurora_core.metrics.rollup import Call, FailureReason, Metrics, Rollup

_MINUTE_S: Final = 60.0
_DAY_MINUTES: Final = 24 * 60


class MetricsCollector:
    """Counts calls, attempts, errors and cache look-ups; threads and tasks may share one.

    ``latency_target_ms``: the calls within it are counted exactly, beside the histogram. Time is the
    monotonic clock's alone.
    """

    def __init__(self, latency_target_ms: float = 500.0, *, clock: Clock = SYSTEM_CLOCK) -> None:
        if not latency_target_ms > 0:
            raise ValueError(f"latency_target_ms must be a positive number, not {latency_target_ms}")
        self._target_ms = latency_target_ms
        self._now = clock.now
        self._lock = Lock()
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            self._minute = Rollup()
            self._before = Rollup()  # all minutes but the running one
            self._minutes: deque[tuple[int, Rollup]] = deque()
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
            wait_for(lock)
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
            minute.lookups += 1
            minute.hits += bool(hit)

    def record_error(self, error_type: str) -> None:
        """Count an error by the name of its type."""
        with self._lock:
            self._running_minute().count_error(error_type)

    def get_metrics(self) -> Metrics:
        """Everything since the start, or since :meth:`reset`."""
        with self._lock:
            total = Rollup()
            total.merge(self._before)
            total.merge(self._minute)
        return total.metrics()

    def get_metrics_last_24h(self) -> Metrics:
        """The running minute and the whole minutes of the 24 hours before it."""
        with self._lock:
            total = Rollup()
            total.merge(self._running_minute())
            *closed, _ = self._minutes
        for _, minute in closed:  # they change no more, and adding up a day would keep callers waiting
            total.merge(minute)
        return total.metrics()

    def _running_minute(self) -> Rollup:
        if self._now() >= self._minute_ends:
            self._open_minute()
        return self._minute

    def _open_minute(self) -> None:
        """Close the running minute and begin the one of now; called under the lock."""
        if self._minutes:
            self._before.merge(self._minute)
        number = floor(self._now() / _MINUTE_S)
        self._minute = Rollup()
        self._minute_ends = (number + 1) * _MINUTE_S
        self._minutes.append((number, self._minute))
        while self._minutes[0][0] < number - _DAY_MINUTES:
            self._minutes.popleft()
