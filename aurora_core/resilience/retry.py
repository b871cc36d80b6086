"""The live retry handler."""

import functools
import inspect
import math
import random
from collections.abc import Awaitable, Callable
from threading import Lock
from types import CoroutineType
from typing import Any, Final, NamedTuple, Self, TypeVar, cast

from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.errors import RetryError, StopReason
from aurora_core.laws import retry as law
from aurora_core.laws.retry import RetryPolicy
from aurora_core.resilience.budget import RetryBudget
from aurora_core.resilience.classify import Classifier
from aurora_core.resilience.policies import retry_policy
from aurora_core.resilience.retry_after import retry_after_of
from aurora_core.types import Jitter

_T = TypeVar("_T")
_F = TypeVar("_F", bound=Callable[..., Any])

_REASONS: Final[dict[int, StopReason]] = {law.NO_ATTEMPTS_LEFT: "attempts", law.PAST_DEADLINE: "deadline"}


class RetryCounts(NamedTuple):
    """What retrying did so far: retries made, calls that it saved, calls that it gave up."""

    retries: int
    recovered: int
    gave_up: int


class RetryHandler:
    """Up to ``max_retries`` more attempts after a recoverable error, with capped exponential backoff.

    The delay before retry k (from 0) is ``min(max_delay, base * multiplier ** k)``; ``jitter`` spreads it:
    ``"full"`` over ``[0, delay)``, ``"equal"`` over ``[delay / 2, delay)``. A ``Retry-After`` of the
    provider lengthens it, and ends the call where it exceeds ``max_retry_after_s``. ``deadline_s`` bounds
    the call: no sleep is begun that would not end before it. ``budget`` is shared with other handlers.

    One handler may serve threads and tasks at once. Raises ``ValueError`` for a bad number.
    """

    def __init__(
        self,
        max_retries: int = 3,
        base_delay_ms: float = 100,
        max_delay_ms: float = 5000,
        backoff_multiplier: float = 2.0,
        jitter: Jitter = "none",
        deadline_s: float | None = None,
        *,
        max_retry_after_s: float = 120.0,
        budget: RetryBudget | None = None,
        clock: Clock = SYSTEM_CLOCK,
        uniform: Callable[[], float] = random.random,
    ) -> None:
        policy = retry_policy(
            max_retries,
            base_delay_ms,
            max_delay_ms,
            backoff_multiplier,
            jitter,
            max_retry_after_s,
            deadline_s,
        )
        self._begin(policy, budget, clock, uniform)

    @classmethod
    def from_policy(
        cls,
        policy: RetryPolicy,
        *,
        budget: RetryBudget | None = None,
        clock: Clock = SYSTEM_CLOCK,
        uniform: Callable[[], float] = random.random,
    ) -> Self:
        """Make a handler of a law's policy, as :mod:`aurora_core.config.policies` returns it."""
        handler = cls.__new__(cls)
        handler._begin(policy, budget, clock, uniform)
        return handler

    def _begin(
        self, policy: RetryPolicy, budget: RetryBudget | None, clock: Clock, uniform: Callable[[], float]
    ) -> None:
        self._policy = policy
        self._budget = budget
        self._clock = clock
        self._uniform = uniform
        self._classifier = Classifier()
        self._lock = Lock()
        self._counts = RetryCounts(retries=0, recovered=0, gave_up=0)

    @property
    def deadline_s(self) -> float:
        """The longest time of a call in seconds; infinity if it has no deadline."""
        return self._policy.deadline_s

    @property
    def counts(self) -> RetryCounts:
        """What retrying did so far."""
        return self._counts

    def add_recoverable_error(self, kind: type[BaseException] | str) -> None:
        """Retry errors of this class, or of a class of this name."""
        self._classifier.add_recoverable(kind)

    def add_non_recoverable_error(self, kind: type[BaseException] | str) -> None:
        """Never retry errors of this class, or of a class of this name."""
        self._classifier.add_non_recoverable(kind)

    def is_recoverable(self, error: BaseException) -> bool:
        """Whether this handler would make another attempt after the error."""
        return self._classifier.is_recoverable(error)

    def execute_with_retry(self, func: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        """Call ``func`` until it succeeds, and return its result.

        Where ``func`` returns a coroutine, so does this: awaiting it awaits each attempt. Raises
        :class:`RetryError` when attempts, time or budget end; a non-recoverable error goes up untouched.
        """
        run = _Run(self)
        while True:
            try:
                result = func(*args, **kwargs)
            except Exception as error:
                if not self._classifier.is_recoverable(error):
                    raise
                resume = run.next_attempt(error)
            else:
                if type(result) is CoroutineType:
                    begun = cast("Awaitable[Any]", result)
                    return cast("_T", self._run_async(run, begun, func, args, kwargs))
                run.succeeded()
                return result
            self._clock.sleep_until(resume)

    async def execute_with_retry_async(
        self, func: Callable[..., Awaitable[_T]], *args: Any, **kwargs: Any
    ) -> _T:
        """:meth:`execute_with_retry` for a function whose result is to be awaited."""
        result: _T = await self._run_async(_Run(self), None, func, args, kwargs)
        return result

    def __call__(self, func: _F) -> _F:
        """Decorate a function or an ``async def``."""
        if inspect.iscoroutinefunction(func):

            @functools.wraps(func)
            async def retried(*args: Any, **kwargs: Any) -> Any:
                return await self.execute_with_retry_async(func, *args, **kwargs)

        else:

            @functools.wraps(func)
            def retried(*args: Any, **kwargs: Any) -> Any:
                return self.execute_with_retry(func, *args, **kwargs)

        return cast("_F", retried)

    async def _run_async(
        self,
        run: "_Run",
        begun: Awaitable[Any] | None,
        func: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """The loop of :meth:`execute_with_retry` with an await; ``begun`` is an attempt already made."""
        while True:
            try:
                result = await (func(*args, **kwargs) if begun is None else begun)
            except Exception as error:
                if not self._classifier.is_recoverable(error):
                    raise
                resume = run.next_attempt(error)
            else:
                run.succeeded()
                return result
            begun = None
            await self._clock.wait_until(resume)

    def _count(self, *, retries: int = 0, recovered: int = 0, gave_up: int = 0) -> None:
        with self._lock:
            old = self._counts
            self._counts = RetryCounts(
                old.retries + retries, old.recovered + recovered, old.gave_up + gave_up
            )


class _Run:
    """One call's attempts: what must not be shared between calls."""

    __slots__ = ("_deadline", "_failed", "_handler")

    def __init__(self, handler: RetryHandler) -> None:
        self._handler = handler
        self._failed = 0
        bound = handler.deadline_s
        self._deadline = bound if bound == math.inf else handler._clock.now() + bound

    def next_attempt(self, error: Exception) -> float:
        """When to try again after this error; raises :class:`RetryError` where there is no next attempt."""
        handler = self._handler
        self._failed += 1
        resume, stop = law.next_attempt(
            handler._policy,
            self._failed,
            handler._clock.now(),
            self._deadline,
            retry_after_of(error, handler._clock.wall()),
            handler._uniform(),
        )
        reason = _REASONS.get(stop)
        if reason is None and handler._budget is not None and not handler._budget.withdraw():
            reason = "budget"
        if reason is not None:
            handler._count(gave_up=1)
            raise RetryError(self._failed, error, reason) from error
        handler._count(retries=1)
        return resume

    def succeeded(self) -> None:
        """Count the call as saved where it had failed before, and earn credit."""
        if self._handler._budget is not None:
            self._handler._budget.deposit()
        if self._failed:
            self._handler._count(recovered=1)
