"""The live circuit breaker: asks the law under a lock, lets calls run in parallel outside it."""

import functools
import inspect
import math
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from enum import StrEnum
from threading import Lock
from types import CoroutineType, TracebackType
from typing import Any, Final, Self, TypeVar, cast

from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.errors import CircuitBreakerOpen
from aurora_core.laws import breaker as law
from aurora_core.laws import failure_window
from aurora_core.laws.breaker import BreakerPolicy
from aurora_core.resilience.classify import Blame, blame
from aurora_core.resilience.policies import breaker_policy

_T = TypeVar("_T")
_F = TypeVar("_F", bound=Callable[..., Any])


class BreakerMode(StrEnum):
    """The three states."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF_OPEN"


_MODES: Final = {
    law.CLOSED: BreakerMode.CLOSED,
    law.OPEN: BreakerMode.OPEN,
    law.HALF_OPEN: BreakerMode.HALF_OPEN,
}
_ANY_TIME: Final = -math.inf
"""Asked about it, the law gives no answer that depends on the time but a wait without end."""


class CircuitBreaker:
    """Stops calling a provider that keeps failing; after ``timeout`` seconds one probe tries again.

    Opens after ``failure_threshold`` consecutive failures or, with ``failure_rate`` set, when that share of
    at least ``minimum_calls`` calls of the last ``window_s`` seconds failed. 4xx errors, cancellations and
    a limiter's refusal are neither success nor failure.

    One breaker may serve threads and tasks at once. Raises ``ValueError`` for a bad number.
    """

    def __init__(
        self,
        failure_threshold: int = 5,
        timeout: float = 60,
        *,
        failure_rate: float | None = None,
        minimum_calls: int = 10,
        window_s: float = 60.0,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._begin(breaker_policy(failure_threshold, timeout, failure_rate, minimum_calls, window_s), clock)

    @classmethod
    def from_policy(cls, policy: BreakerPolicy, *, clock: Clock = SYSTEM_CLOCK) -> Self:
        """Make a breaker of a law's policy, as :mod:`aurora_core.config.policies` returns it."""
        breaker = cls.__new__(cls)
        breaker._begin(policy, clock)
        return breaker

    def _begin(self, policy: BreakerPolicy, clock: Clock) -> None:
        self._policy = policy
        self._by_share = policy.failure_rate <= 1.0  # then each result is written into the window
        self._now = clock.now
        self._lock = Lock()
        self._state = law.FRESH
        self._window = [0.0] * failure_window.RING_SIZE
        failure_window.clear(self._window)
        self._entered: ContextVar[tuple[int, ...]] = ContextVar("entered", default=())

    @property
    def state(self) -> BreakerMode:
        """Closed, open or half-open. An open breaker stays so until a call comes after the timeout."""
        return _MODES[self._state.mode]

    @property
    def failure_count(self) -> int:
        """Consecutive failures so far, or those that opened it."""
        return self._state.failures

    def admit(self) -> int:
        """Ask for one call to pass. Returns its generation, which :meth:`report` wants back.

        Raises :class:`CircuitBreakerOpen`, with the wait in seconds as ``retry_after``.
        """
        admitted, wait = law.admit(self._policy, self._state, _ANY_TIME)
        if wait == 0:  # closed: the law passes the call whatever the time, and changes nothing
            return admitted.generation
        with self._lock:
            self._state, wait = law.admit(self._policy, self._state, self._now())
            generation = self._state.generation
        if wait > 0:
            raise CircuitBreakerOpen(
                f"circuit breaker is {self.state}, the next probe may pass in {wait:.3f} s", wait
            )
        return generation

    def report(self, generation: int, error: BaseException | None = None) -> None:
        """Say how a call that was admitted ended: with an error, or without."""
        if error is None:
            result = law.SUCCESS
        else:
            result = law.FAILURE if blame(error) is Blame.FAILURE else law.NEUTRAL
        seen = self._state
        if not self._by_share:
            # Where the law leaves the state as it is whatever the time, there is nothing to lock for.
            after = law.report(self._policy, seen, self._window, generation, _ANY_TIME, result)
            if after is seen:
                return
        with self._lock:
            self._state = law.report(self._policy, self._state, self._window, generation, self._now(), result)

    def call(self, func: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        """Call ``func`` if the breaker lets it pass, and return its result.

        Where ``func`` returns a coroutine, so does this, and the outcome counts once it is awaited. Its error
        goes up as it is. Raises :class:`CircuitBreakerOpen` where the call may not pass.
        """
        generation = self.admit()
        try:
            result = func(*args, **kwargs)
        except BaseException as error:
            self.report(generation, error)
            raise
        if type(result) is CoroutineType:
            return cast("_T", self._settle(generation, cast("Awaitable[Any]", result)))
        self.report(generation)
        return result

    async def call_async(self, func: Callable[..., Awaitable[_T]], *args: Any, **kwargs: Any) -> _T:
        """:meth:`call` for a function whose result is to be awaited."""
        generation = self.admit()
        try:
            awaitable = func(*args, **kwargs)
        except BaseException as error:
            self.report(generation, error)
            raise
        return await self._settle(generation, awaitable)

    def __call__(self, func: _F) -> _F:
        """Decorate a function or an ``async def``."""
        if inspect.iscoroutinefunction(func):

            @functools.wraps(func)
            async def guarded(*args: Any, **kwargs: Any) -> Any:
                return await self.call_async(func, *args, **kwargs)

        else:

            @functools.wraps(func)
            def guarded(*args: Any, **kwargs: Any) -> Any:
                return self.call(func, *args, **kwargs)

        return cast("_F", guarded)

    def __enter__(self) -> Self:
        # A thread or task sees only its own stack, and a block inside a block its own generation.
        self._entered.set((*self._entered.get(), self.admit()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        *outer, generation = self._entered.get()
        self._entered.set(tuple(outer))
        self.report(generation, error)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    async def _settle(self, generation: int, awaitable: Awaitable[_T]) -> _T:
        try:
            result = await awaitable
        except BaseException as error:
            self.report(generation, error)
            raise
        self.report(generation)
        return result
