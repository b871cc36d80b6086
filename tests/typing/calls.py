"""The types that a caller sees; mypy and pyright check this file, nothing runs it."""

from typing import assert_type

from aurora_core.resilience import (
    CircuitBreaker,
    MetricsCollector,
    Pipeline,
    RateLimiter,
    RateLimitExceeded,
    RetryError,
    RetryHandler,
)

retry = RetryHandler(max_retries=2, jitter="full")
breaker = CircuitBreaker()
limiter = RateLimiter(requests_per_minute=60)
pipeline = Pipeline(retry=retry, breaker=breaker, limiter=limiter, metrics=MetricsCollector())


def ask(question: str, *, model: str = "gpt-4") -> bytes:
    """Answer like a client."""
    return f"{model}: {question}".encode()


async def ask_async(question: str) -> bytes:
    """Answer like an asynchronous client."""
    return question.encode()


def results_have_the_functions_type() -> None:
    """Keep the type of the answer."""
    assert_type(pipeline.call(ask, "why?", model="gpt-4"), bytes)
    assert_type(retry.execute_with_retry(ask, "why?"), bytes)
    assert_type(breaker.call(ask, "why?"), bytes)


async def awaited_results_have_the_functions_type() -> None:
    """Keep the type of the awaited answer."""
    assert_type(await pipeline.call_async(ask_async, "why?"), bytes)
    assert_type(await retry.execute_with_retry_async(ask_async, "why?"), bytes)
    assert_type(await breaker.call_async(ask_async, "why?"), bytes)


async def limiters_are_context_managers() -> None:
    """Enter a limiter in both worlds."""
    with limiter:
        pass
    async with limiter:
        pass
    assert_type(limiter.try_acquire(), bool)


def errors_carry_numbers() -> None:
    """Read what a refusal knows."""
    try:
        pipeline.call(ask, "why?")
    except RateLimitExceeded as error:
        assert_type(error.retry_after, float)
    except RetryError as error:
        assert_type(error.attempts, int)


@retry
def decorated(question: str) -> bytes:
    """Answer, with retries."""
    return question.encode()


def decorated_functions_keep_their_result() -> None:
    """Call a decorated function."""
    assert_type(decorated("why?"), bytes)
