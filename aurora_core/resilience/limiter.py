"""The live rate limiter: reserves a start under the lock, sleeps for it outside."""

import math
from threading import Lock
from types import TracebackType
from typing import Final, NamedTuple, Self

from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.concurrency import spin_acquire
from aurora_core.errors import RateLimitExceeded
from aurora_core.laws import rate_limit
from aurora_core.laws.rate_limit import LimitPolicy
from aurora_core.resilience.policies import limit_policy

_QUERY_ONLY: Final = -1.0
"""With less than no patience the law reserves nothing and says the wait."""


class _Reservation(NamedTuple):
    """A start in the future; ``number`` among those that waited tells whether it is still the last."""

    start: float
    wait: float
    places: int
    number: int


class RateLimiter:
    """Never more than ``requests_per_minute`` starts in any rolling 60 s; first come, first served.

    With ``burst`` it is a token bucket of that size instead, refilled at ``requests_per_minute``: at most
    ``requests_per_minute + burst - 1`` starts in a rolling minute. ``max_wait_time`` is in seconds. One
    limiter may serve threads and tasks at once.

    Raises ``ValueError`` for limits that are not positive.
    """

    def __init__(
        self,
        requests_per_minute: float,
        max_wait_time: float = 60.0,
        burst: float | None = None,
        *,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._begin(limit_policy(requests_per_minute, max_wait_time, burst), clock)

    @classmethod
    def from_policy(cls, policy: LimitPolicy, *, clock: Clock = SYSTEM_CLOCK) -> Self:
        """Make a limiter of a law's policy, as :mod:`aurora_core.config.policies` returns it."""
        limiter = cls.__new__(cls)
        limiter._begin(policy, clock)
        return limiter

    def _begin(self, policy: LimitPolicy, clock: Clock) -> None:
        self._policy = policy
        self._clock = clock
        self._now = clock.now
        self._lock = Lock()
        self._largest = policy.requests if policy.kind == rate_limit.WINDOW else int(policy.burst)
        self._waiting = 0
        self._queue = 0
        self.reset()

    @property
    def max_wait_time(self) -> float:
        """The longest wait in seconds before a request is refused."""
        return self._policy.max_wait_s

    @property
    def queue(self) -> int:
        """How many requests wait for their start now."""
        return self._queue

    def reset(self) -> None:
        """Forget all starts: the next request may go at once."""
        with self._lock:
            self._oldest = rate_limit.FRESH
            self._waiting += 1  # whoever waits now has nothing left to give back
            self._starts = [rate_limit.NEVER] * self._policy.requests

    def wait_if_needed(self, max_wait: float | None = None, places: int = 1) -> float:
        """Wait for a place and return the seconds waited.

        ``max_wait`` replaces ``max_wait_time`` for this request; 0 never sleeps. ``places`` is what the
        request counts for; it takes them all at once, and no later request passes it by. Raises
        :class:`RateLimitExceeded` at once where the wait would be longer, and reserves nothing;
        ``ValueError`` where ``places`` are more than the limit ever has.
        """
        reservation = self._reserve(max_wait, places)
        if reservation is None:
            return 0.0
        try:
            self._clock.sleep_until(reservation.start)
        except BaseException:
            self._give_back(reservation)
            raise
        finally:
            self._leave_the_queue()
        return reservation.wait

    async def wait(self, max_wait: float | None = None, places: int = 1) -> float:
        """:meth:`wait_if_needed` for a task. Cancelled, it gives its place back if nobody reserved after."""
        reservation = self._reserve(max_wait, places)
        if reservation is None:
            return 0.0
        try:
            await self._clock.wait_until(reservation.start)
        except BaseException:
            self._give_back(reservation)
            raise
        finally:
            self._leave_the_queue()
        return reservation.wait

    def try_acquire(self, places: int = 1) -> bool:
        """Take a place if one is free now; never waits."""
        try:
            self._reserve(0.0, places)
        except RateLimitExceeded:
            return False
        return True

    def would_rate_limit(self, places: int = 1) -> bool:
        """Whether a request would have to wait now. Changes nothing."""
        return self.wait_now(places) > rate_limit.EQUAL_S

    def wait_now(self, places: int = 1) -> float:
        """How many seconds a request would wait now, however long it may. Changes nothing."""
        self._check(places)
        with self._lock:
            _, _, wait = rate_limit.reserve(
                self._policy, self._oldest, self._starts, self._now(), _QUERY_ONLY, places
            )
        return max(0.0, wait)

    def __enter__(self) -> Self:
        self.wait_if_needed()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """A place is used up by its start; there is nothing to give back."""

    async def __aenter__(self) -> Self:
        await self.wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """A place is used up by its start; there is nothing to give back."""

    def _reserve(self, max_wait: float | None, places: int) -> _Reservation | None:
        """The place reserved; None where it starts now."""
        if places != 1:
            self._check(places)
        policy = self._policy
        longest = policy.max_wait_s if max_wait is None else max_wait
        if longest != longest:  # noqa: PLR0124 - NaN, which no wait exceeds
            raise ValueError("max_wait must be a number of seconds, not NaN")
        lock = self._lock
        if not lock.acquire(False):  # without `with`, which takes twice as long on Python 3.11
            spin_acquire(lock)
        try:
            self._oldest, start, wait = rate_limit.reserve(
                policy, self._oldest, self._starts, self._now(), longest, places
            )
            if wait > 0 and start < math.inf:
                self._waiting += 1  # while one waits, whoever comes later waits too and is counted
                number = self._waiting
                self._queue += 1
        finally:
            lock.release()
        if start == math.inf:
            raise RateLimitExceeded(wait)
        if wait <= 0:
            return None
        return _Reservation(start, wait, places, number)

    def _give_back(self, reservation: _Reservation) -> None:
        """Undo a reservation, unless somebody reserved after it and relies on it.

        Whoever comes before its start has to wait and is counted; from then on nobody knows who came after.
        """
        with self._lock:
            if self._waiting == reservation.number and self._now() < reservation.start:
                self._oldest = rate_limit.give_back(
                    self._policy, self._oldest, self._starts, reservation.start, reservation.places
                )

    def _leave_the_queue(self) -> None:
        with self._lock:
            self._queue -= 1

    def _check(self, places: int) -> None:
        if not 1 <= places <= self._largest:
            raise ValueError(f"places must be from 1 to {self._largest}, which is the limit, not {places}")
