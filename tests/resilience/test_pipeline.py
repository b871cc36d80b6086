"""The order of things, and what the metrics hear of a call."""

import asyncio
import inspect

import pytest
from resilience_doubles import Flaky, Parts, ProviderError, forever

from aurora_core.errors import CircuitBreakerOpen, RateLimitExceeded, RetryError
from aurora_core.metrics import MetricsCollector
from aurora_core.resilience.breaker import CircuitBreaker
from aurora_core.resilience.limiter import RateLimiter
from aurora_core.resilience.pipeline import Pipeline
from aurora_core.resilience.retry import RetryHandler


def test_each_attempt_takes_a_place_at_the_limiter(parts, clock):
    given = parts(rpm=2)
    given.call(Flaky(TimeoutError()))
    assert given.limiter.would_rate_limit()
    given.call(Flaky())
    assert clock.sleeps == pytest.approx([0.1, 59.9])


def test_per_call_one_place_serves_all_attempts(parts):
    given = parts(rpm=2, limit_per="call")
    given.call(Flaky(TimeoutError(), TimeoutError()))
    assert not given.limiter.would_rate_limit()
    given.call(Flaky())
    assert given.limiter.would_rate_limit()


def test_a_breakers_refusal_takes_no_place_and_is_not_retried(parts, clock):
    given = parts(rpm=1, threshold=1, max_retries=0)
    with pytest.raises(RetryError):
        given.call(forever(ProviderError(503)))
    given.limiter.reset()
    func = Flaky()
    with pytest.raises(CircuitBreakerOpen):
        given.call(func)
    assert func.calls == 0
    assert clock.sleeps == []
    assert not given.limiter.would_rate_limit()


def test_a_limiters_refusal_trips_no_breaker_and_is_not_retried(parts, clock):
    given = parts(rpm=1, max_wait=0, threshold=1)
    given.call(Flaky())
    for _ in range(5):
        with pytest.raises(RateLimitExceeded):
            given.call(Flaky())
    assert given.breaker.state == "CLOSED"
    assert clock.sleeps == []


def test_a_limiters_refusal_gives_the_probes_place_back(parts, clock):
    given = parts(rpm=1, max_wait=0, threshold=1, max_retries=0)
    with pytest.raises(RetryError):
        given.call(forever(ProviderError(503)))
    clock.advance(60)
    given.limiter.try_acquire()
    with pytest.raises(RateLimitExceeded):
        given.call(Flaky())
    given.limiter.reset()
    assert given.call(Flaky()) == "answer"
    assert given.breaker.state == "CLOSED"


def test_each_attempt_counts_at_the_breaker(parts):
    given = parts(threshold=4)
    with pytest.raises(RetryError):
        given.call(forever(ProviderError(503)))
    assert given.breaker.state == "OPEN"


def test_a_breaker_that_opens_between_attempts_ends_the_call(parts):
    given = parts(threshold=2)
    with pytest.raises(CircuitBreakerOpen):
        given.call(forever(ProviderError(503)))
    assert given.metrics["failures_by_reason"] == {"breaker_open": 1}
    assert given.metrics["attempt_count"] == 2


@pytest.mark.parametrize("limit_per", ["attempt", "call"])
def test_the_deadline_bounds_the_wait_at_the_limiter_too(parts, clock, limit_per):
    given = parts(rpm=1, deadline_s=5, limit_per=limit_per)
    given.call(Flaky())
    with pytest.raises(RateLimitExceeded):
        given.call(Flaky())
    assert clock.sleeps == []


def test_a_far_deadline_does_not_lengthen_the_longest_wait(parts, clock):
    given = parts(rpm=1, max_wait=5, deadline_s=1000)
    given.call(Flaky())
    with pytest.raises(RateLimitExceeded):
        given.call(Flaky())
    assert clock.sleeps == []


def test_a_call_is_counted_once_with_its_whole_latency_and_its_attempts_beside_it(parts, clock):
    given = parts(rpm=1)

    def slow():
        clock.advance(2)
        return "answer"

    given.call(slow)
    given.call(slow)
    metrics = given.metrics
    assert (metrics["query_count"], metrics["attempt_count"]) == (2, 2)
    assert metrics["avg_latency_ms"] == pytest.approx((2000 + 58_000 + 2000) / 2)
    assert metrics["avg_attempt_latency_ms"] == pytest.approx(2000)


def test_the_recovery_rate_counts_calls_that_met_a_passing_failure(parts):
    given = parts(threshold=100, rpm=600)
    given.call(Flaky())
    given.call(Flaky(TimeoutError(), TimeoutError()))
    with pytest.raises(RetryError):
        given.call(forever(TimeoutError()))
    with pytest.raises(ProviderError):
        given.call(forever(ProviderError(400)))
    with pytest.raises(ProviderError):
        given.call(Flaky(TimeoutError(), ProviderError(400)))
    metrics = given.metrics
    assert (metrics["query_count"], metrics["attempt_count"]) == (5, 11)
    assert metrics["recovery_rate"] == pytest.approx(1 / 3)
    assert metrics["failures_by_reason"] == {"retries_exhausted": 1, "non_retryable": 2}
    assert metrics["errors_by_type"] == {"TimeoutError": 1, "ProviderError": 2}


def test_a_refused_call_has_its_reason_and_no_attempt(parts):
    given = parts(rpm=1, max_wait=0)
    given.call(Flaky())
    with pytest.raises(RateLimitExceeded):
        given.call(Flaky())
    assert given.metrics["failures_by_reason"] == {"rate_limited": 1}
    assert given.metrics["attempt_count"] == 1


def test_what_is_no_exception_goes_straight_through_and_is_no_failure(parts):
    given = parts(threshold=1)
    with pytest.raises(KeyboardInterrupt):
        given.call(Flaky(KeyboardInterrupt()))
    assert given.metrics["query_count"] == 0
    assert given.breaker.state == "CLOSED"


def test_an_async_def_handed_to_call_is_awaited_and_counted(clock):
    given = Parts(clock, "sync")
    func = Flaky(TimeoutError())

    async def ask():
        return func()

    coroutine = given.pipeline.call(ask)
    assert inspect.iscoroutine(coroutine)
    assert clock.run(coroutine) == "answer"
    assert (given.metrics["query_count"], given.metrics["attempt_count"]) == (1, 2)


def test_tasks_share_one_pipeline_and_wait_at_the_same_time(clock):
    given = Parts(clock, "async", rpm=2)

    async def ask():
        await clock.wait_until(clock.now() + 1)
        return clock.now()

    async def crowd():
        return await asyncio.gather(*(given.pipeline.call_async(ask) for _ in range(4)))

    assert clock.run(crowd()) == [1001, 1001, 1061, 1061]


@pytest.mark.parametrize("missing", ["retry", "breaker", "limiter", "metrics"])
def test_each_part_may_be_left_out(clock, missing):
    parts = {
        "retry": RetryHandler(clock=clock),
        "breaker": CircuitBreaker(clock=clock),
        "limiter": RateLimiter(60, clock=clock),
        "metrics": MetricsCollector(clock=clock),
    }
    del parts[missing]
    pipeline = Pipeline(**parts, clock=clock)
    assert pipeline.call(Flaky()) == "answer"
    with pytest.raises((RetryError, TimeoutError)):
        pipeline.call(forever(TimeoutError()))


def test_without_retry_a_passing_failure_is_exhausted_after_one_attempt(clock):
    metrics = MetricsCollector(clock=clock)
    pipeline = Pipeline(metrics=metrics, clock=clock)
    with pytest.raises(TimeoutError):
        pipeline.call(forever(TimeoutError()))
    assert metrics.get_metrics()["failures_by_reason"] == {"retries_exhausted": 1}


def test_limit_per_is_one_of_two_words():
    with pytest.raises(ValueError, match="limit_per"):
        Pipeline(limit_per="query")


def test_per_call_too_the_deadline_runs_from_the_asking_and_not_from_the_place(parts, clock):
    given = parts(rpm=1, limit_per="call", deadline_s=62, base_delay_ms=1000, max_retries=10)
    given.call(Flaky())
    with pytest.raises(RetryError) as raised:
        given.call(forever(TimeoutError()))
    assert raised.value.reason == "deadline"
    assert clock.sleeps == pytest.approx([60, 1])


def test_a_refusal_is_not_retried_even_where_timeouts_were_named_as_the_guide_does(parts, clock):
    given = parts(rpm=1, max_wait=0)
    given.retry.add_recoverable_error(TimeoutError)
    given.call(Flaky())
    with pytest.raises(RateLimitExceeded):
        given.call(Flaky())
    assert given.metrics["failures_by_reason"] == {"rate_limited": 1}
    assert clock.sleeps == []


def test_stepping_the_wall_clock_by_an_hour_changes_nothing(parts, clock):
    given = parts(rpm=2, deadline_s=100)

    def stepping():
        clock.step_wall(3600)
        clock.advance(1)
        return flaky()

    flaky = Flaky(TimeoutError(), TimeoutError())
    assert given.call(stepping) == "answer"
    assert clock.sleeps == pytest.approx([0.1, 0.2, 57.7])
    assert given.metrics["avg_latency_ms"] == pytest.approx(61_000)
