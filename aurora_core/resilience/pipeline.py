"""The order of things, drawn once.

::

    deadline( retry( breaker( limiter( call ))))        limit_per="attempt"
    deadline( limiter( retry( breaker( call ))))        limit_per="call"

Each *attempt* takes a place at the limiter, since each counts at the provider; per call is the guide's
quick start. A breaker's refusal takes no place; a limiter's refusal trips no breaker and is not retried.
"""

import inspect
import math
from collections.abc import Awaitable, Callable
from types import CoroutineType
from typing import Any, TypeVar

from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.errors import CircuitBreakerOpen, RateLimitExceeded, RetryError
from aurora_core.metrics import Call, FailureReason
from aurora_core.resilience.classify import recoverable_by_default
from aurora_core.resilience.protocols import Breaker, CallSink, Limiter
from aurora_core.resilience.retry import RetryHandler
from aurora_core.types import LimitScope

_T = TypeVar("_T")


class Pipeline:
    """Retry, breaker, limiter and metrics around a call; each part may be left out.

    ``limit_per`` says whether each attempt takes a place at the limiter, or each call one for all. The
    clock times calls; give it the one that the parts have.
    """

    def __init__(
        self,
        retry: RetryHandler | None = None,
        breaker: Breaker | None = None,
        limiter: Limiter | None = None,
        metrics: CallSink | None = None,
        limit_per: LimitScope = "attempt",
        *,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        if limit_per not in ("attempt", "call"):
            raise ValueError(f"limit_per must be 'attempt' or 'call', not {limit_per!r}")
        self._retry = retry
        self._breaker = breaker
        self._limiter_per_attempt = limiter if limit_per == "attempt" else None
        self._limiter_per_call = limiter if limit_per == "call" else None
        self._metrics = metrics
        self._clock = clock

    def call(self, func: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        """Call ``func`` through all parts and return its result.

        An ``async def`` is handed to :meth:`call_async`, so that the result is to be awaited. Raises what the
        parts raise: ``RetryError``, ``CircuitBreakerOpen``, ``RateLimitExceeded``, or the error of ``func``;
        ``TypeError`` where it is no ``async def`` and yet returns a coroutine, as a lambda around one does.
        """
        if inspect.iscoroutinefunction(func):
            awaited: Any = self.call_async(func, *args, **kwargs)
            return awaited  # type: ignore[no-any-return] # the coroutine is what func would have returned
        run = _Run(self)
        try:
            if self._retry is None:
                result = self._attempt(run, func, args, kwargs)
            else:
                result = self._retry.execute_with_retry(self._attempt, run, func, args, kwargs)
        except Exception as error:
            run.failed(error)
            raise
        run.succeeded()
        return result

    async def call_async(self, func: Callable[..., Awaitable[_T]], *args: Any, **kwargs: Any) -> _T:
        """:meth:`call` for a function whose result is to be awaited."""
        run = _Run(self)
        try:
            if self._retry is None:
                result: _T = await self._attempt_async(run, func, args, kwargs)
            else:
                result = await self._retry.execute_with_retry_async(
                    self._attempt_async, run, func, args, kwargs
                )
        except Exception as error:
            run.failed(error)
            raise
        run.succeeded()
        return result

    def _attempt(
        self, run: "_Run", func: Callable[..., _T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> _T:
        if self._limiter_per_call is not None and run.is_first():
            self._limiter_per_call.wait_if_needed(run.max_wait())
        generation = None if self._breaker is None else self._breaker.admit()
        try:
            if self._limiter_per_attempt is not None:
                self._limiter_per_attempt.wait_if_needed(run.max_wait())
            run.sent()
            result = func(*args, **kwargs)
            if type(result) is CoroutineType:
                _refuse(result)
        except BaseException as error:
            run.attempt_failed(error)
            self._report(generation, error)
            raise
        run.attempt_ended()
        self._report(generation, None)
        return result

    async def _attempt_async(
        self, run: "_Run", func: Callable[..., Awaitable[_T]], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> _T:
        if self._limiter_per_call is not None and run.is_first():
            await self._limiter_per_call.wait(run.max_wait())
        generation = None if self._breaker is None else self._breaker.admit()
        try:
            if self._limiter_per_attempt is not None:
                await self._limiter_per_attempt.wait(run.max_wait())
            run.sent()
            result = await func(*args, **kwargs)
        except BaseException as error:
            run.attempt_failed(error)
            self._report(generation, error)
            raise
        run.attempt_ended()
        self._report(generation, None)
        return result

    def _report(self, generation: int | None, error: BaseException | None) -> None:
        if self._breaker is not None and generation is not None:
            self._breaker.report(generation, error)


class _Run:
    """One call on its way: what the metrics want to know of it, and how long it may still wait."""

    __slots__ = ("_attempts", "_attempts_s", "_began", "_pipeline", "_saw_retryable_error", "_sent_at")

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._began = pipeline._clock.now()
        self._attempts = 0
        self._attempts_s = 0.0
        self._sent_at = math.nan
        self._saw_retryable_error = False

    def max_wait(self) -> float | None:
        """The longest wait at the limiter, if the deadline is nearer than the limiter's own bound."""
        retry = self._pipeline._retry
        limiter = self._pipeline._limiter_per_attempt or self._pipeline._limiter_per_call
        if retry is None or limiter is None or retry.deadline_s == math.inf:
            return None
        left = self._began + retry.deadline_s - self._pipeline._clock.now()
        return min(limiter.max_wait_time, max(0.0, left))

    def is_first(self) -> bool:
        """Whether nothing was sent yet."""
        return self._attempts == 0

    def sent(self) -> None:
        """An attempt leaves for the provider."""
        self._attempts += 1
        self._sent_at = self._pipeline._clock.now()

    def attempt_ended(self) -> None:
        """The attempt that was sent is back."""
        self._attempts_s += self._pipeline._clock.now() - self._sent_at
        self._sent_at = math.nan

    def attempt_failed(self, error: BaseException) -> None:
        """An attempt failed, or was refused before it was sent."""
        if not math.isnan(self._sent_at):
            self.attempt_ended()
            self._saw_retryable_error |= self._is_recoverable(error)

    def succeeded(self) -> None:
        """The call has its answer."""
        self._record(None, None)

    def failed(self, error: Exception) -> None:
        """The call ends without an answer."""
        cause = error.last_error if isinstance(error, RetryError) else error
        self._record(self._reason(error), type(cause).__name__)

    def _reason(self, error: Exception) -> FailureReason:
        if isinstance(error, RateLimitExceeded):
            return "rate_limited"
        if isinstance(error, CircuitBreakerOpen):
            return "breaker_open"
        if isinstance(error, RetryError) or self._is_recoverable(error):
            return "retries_exhausted"
        return "non_retryable"

    def _is_recoverable(self, error: BaseException) -> bool:
        retry = self._pipeline._retry
        return recoverable_by_default(error) if retry is None else retry.is_recoverable(error)

    def _record(self, reason: FailureReason | None, error_type: str | None) -> None:
        metrics = self._pipeline._metrics
        if metrics is not None:
            latency_s = self._pipeline._clock.now() - self._began
            metrics.record_call(
                Call(
                    latency_s=latency_s,
                    reason=reason,
                    attempts=self._attempts,
                    attempts_s=self._attempts_s,
                    saw_retryable_error=self._saw_retryable_error,
                    error_type=error_type,
                )
            )


def _refuse(coroutine: Any) -> None:
    """Taken for the answer, it would count as one before it has run."""
    coroutine.close()
    raise TypeError("func returned a coroutine: hand it to call_async, which awaits it")
