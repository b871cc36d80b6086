"""Each sentence on retry."""

import asyncio
import math
import random

import pytest
from resilience_doubles import Flaky, ProviderError, assert_flat, forever

from aurora_core.errors import CircuitBreakerOpen, RateLimitExceeded, RetryError
from aurora_core.resilience.budget import RetryBudget
from aurora_core.resilience.retry import RetryHandler


def handler(clock, **changes):
    return RetryHandler(clock=clock, **changes)


def test_the_guides_sequence_is_100_200_400_ms(clock):
    retry, func = handler(clock), Flaky(*[TimeoutError()] * 4)
    with pytest.raises(RetryError):
        retry.execute_with_retry(func)
    assert clock.sleeps == pytest.approx([0.1, 0.2, 0.4])
    assert func.calls == 4


def test_the_first_attempt_is_made_at_once(clock):
    assert handler(clock).execute_with_retry(Flaky()) == "answer"
    assert clock.sleeps == []


def test_arguments_are_passed_on(clock):
    assert handler(clock).execute_with_retry(lambda a, b: (a, b), 1, b=2) == (1, 2)


def test_the_delay_is_capped(clock):
    retry = handler(clock, max_retries=6, base_delay_ms=1000, max_delay_ms=5000)
    with pytest.raises(RetryError):
        retry.execute_with_retry(forever(TimeoutError()))
    assert clock.sleeps == pytest.approx([1, 2, 4, 5, 5, 5])


@pytest.mark.parametrize(("jitter", "low", "high"), [("full", 0.0, 5.0), ("equal", 2.5, 5.0)])
def test_a_thousand_capped_jittered_delays_are_not_all_the_same(clock, jitter, low, high):
    uniform = random.Random(1).random
    retry = handler(clock, max_retries=1, base_delay_ms=60_000, jitter=jitter, uniform=uniform)
    for _ in range(1000):
        retry.execute_with_retry(Flaky(TimeoutError()))
    assert len(set(clock.sleeps)) == 1000
    assert low <= min(clock.sleeps) < low + 0.05
    assert high - 0.05 < max(clock.sleeps) <= high


def test_a_non_recoverable_error_goes_up_untouched(clock):
    error = ValueError("no")
    with pytest.raises(ValueError, match="no") as raised:
        handler(clock).execute_with_retry(forever(error))
    assert raised.value is error
    assert raised.value.__cause__ is None


def test_when_attempts_end_retry_error_says_how_many_and_why_from_the_last_error(clock):
    last = TimeoutError("last")
    with pytest.raises(RetryError) as raised:
        handler(clock, max_retries=1).execute_with_retry(Flaky(TimeoutError("first"), last))
    assert (raised.value.attempts, raised.value.last_error, raised.value.reason) == (2, last, "attempts")
    assert raised.value.__cause__ is last


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), SystemExit(), GeneratorExit(), asyncio.CancelledError()]
)
def test_what_is_not_an_exception_is_never_retried(clock, error):
    func = Flaky(error)
    with pytest.raises(type(error)):
        handler(clock).execute_with_retry(func)
    assert func.calls == 1


def test_even_when_named_recoverable_a_cancellation_is_not_retried(clock):
    retry = handler(clock)
    retry.add_recoverable_error(BaseException)
    func = Flaky(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        retry.execute_with_retry(func)
    assert func.calls == 1


@pytest.mark.parametrize("refusal", [RateLimitExceeded(1.0), CircuitBreakerOpen()])
def test_a_refusal_of_limiter_or_breaker_is_not_retried(clock, refusal):
    func = Flaky(refusal)
    with pytest.raises(type(refusal)):
        handler(clock).execute_with_retry(func)
    assert func.calls == 1


def test_retry_after_lengthens_the_backoff_and_never_shortens_it(clock):
    func = Flaky(ProviderError(429, retry_after=7), ProviderError(429, retry_after=0.05))
    assert handler(clock).execute_with_retry(func) == "answer"
    assert clock.sleeps == pytest.approx([7.0, 0.2])


def test_a_retry_after_beyond_the_longest_one_stops_now(clock):
    with pytest.raises(RetryError) as raised:
        handler(clock).execute_with_retry(forever(ProviderError(429, retry_after=121)))
    assert (raised.value.attempts, raised.value.reason) == (1, "deadline")
    assert clock.sleeps == []


def test_a_deadline_of_5_s_never_sleeps_toward_a_retry_after_of_100_s(clock):
    with pytest.raises(RetryError) as raised:
        handler(clock, deadline_s=5).execute_with_retry(forever(ProviderError(503, retry_after=100)))
    assert raised.value.reason == "deadline"
    assert clock.sleeps == []


def test_the_deadline_is_checked_before_a_sleep_not_after_it(clock):
    retry = handler(clock, max_retries=10, base_delay_ms=1000, max_delay_ms=60_000, deadline_s=10)
    with pytest.raises(RetryError) as raised:
        retry.execute_with_retry(forever(TimeoutError()))
    assert raised.value.reason == "deadline"
    assert clock.sleeps == pytest.approx([1, 2, 4])
    assert clock.now() < 1010


def test_the_deadline_counts_the_time_that_attempts_take(clock):
    def slow():
        clock.advance(6)
        raise TimeoutError

    with pytest.raises(RetryError) as raised:
        handler(clock, deadline_s=10).execute_with_retry(slow)
    assert (raised.value.attempts, raised.value.reason) == (2, "deadline")


def test_stepping_the_wall_clock_changes_no_deadline_and_no_delay(clock):
    def stepping():
        clock.step_wall(3600)
        raise TimeoutError

    with pytest.raises(RetryError) as raised:
        handler(clock, deadline_s=5).execute_with_retry(stepping)
    assert raised.value.reason == "attempts"
    assert clock.sleeps == pytest.approx([0.1, 0.2, 0.4])


def test_a_budget_is_shared_and_first_attempts_are_free(clock):
    budget = RetryBudget(ratio=0.5, capacity=2)
    one, other = handler(clock, budget=budget), handler(clock, budget=budget)
    with pytest.raises(RetryError) as raised:
        one.execute_with_retry(forever(TimeoutError()))
    assert (raised.value.reason, raised.value.attempts) == ("budget", 3)
    func = Flaky(TimeoutError())
    with pytest.raises(RetryError) as raised:
        other.execute_with_retry(func)
    assert (raised.value.reason, func.calls) == ("budget", 1)
    for _ in range(2):
        other.execute_with_retry(Flaky())
    assert other.execute_with_retry(Flaky(TimeoutError())) == "answer"


def test_the_budget_is_checked_before_the_backoff(clock):
    budget = RetryBudget(ratio=0.1, capacity=0.5)
    with pytest.raises(RetryError):
        handler(clock, budget=budget).execute_with_retry(forever(TimeoutError()))
    assert clock.sleeps == []


def test_a_retry_that_the_deadline_forbids_costs_no_credit(clock):
    budget = RetryBudget(capacity=2)
    with pytest.raises(RetryError):
        handler(clock, budget=budget, deadline_s=0.01).execute_with_retry(forever(TimeoutError()))
    assert budget.credits == 2


def test_async_def_is_awaited_and_counted_in_every_form(clock):
    retry = handler(clock)

    def scene(form):
        func = Flaky(TimeoutError(), TimeoutError())

        async def ask():
            return func()

        assert clock.run(form(ask)()) == "answer"
        assert func.calls == 3

    scene(lambda ask: lambda: retry.execute_with_retry_async(ask))
    scene(lambda ask: lambda: retry.execute_with_retry(ask))
    scene(lambda ask: lambda: retry.execute_with_retry(lambda: ask()))
    scene(lambda ask: retry(ask))
    assert retry.counts == (8, 4, 0)


def test_the_decorator_retries_a_plain_function_and_keeps_its_name(clock):
    func = Flaky(TimeoutError())

    @handler(clock)
    def ask(question):
        """Ask."""
        return question, func()

    assert ask("why") == ("why", "answer")
    assert (ask.__name__, ask.__doc__) == ("ask", "Ask.")


def test_async_failures_end_as_sync_ones_do(clock):
    async def fail():
        raise ProviderError(400)

    async def time_out():
        raise TimeoutError

    with pytest.raises(ProviderError):
        clock.run(handler(clock).execute_with_retry_async(fail))
    with pytest.raises(RetryError) as raised:
        clock.run(handler(clock).execute_with_retry_async(time_out))
    assert raised.value.attempts == 4


def test_calls_of_one_handler_share_nothing_but_the_counters(clock):
    retry = handler(clock, max_retries=1)

    async def both():
        async def ask(func):
            return func()

        failing = retry.execute_with_retry_async(ask, forever(TimeoutError()))
        fine = retry.execute_with_retry_async(ask, Flaky(TimeoutError()))
        return await asyncio.gather(failing, fine, return_exceptions=True)

    failed, answered = clock.run(both())
    assert isinstance(failed, RetryError)
    assert answered == "answer"
    assert retry.counts == (2, 1, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_retries", -1),
        ("max_retries", 1.5),
        ("base_delay_ms", -1),
        ("base_delay_ms", 1e-300),
        ("max_delay_ms", math.inf),
        ("max_delay_ms", math.nan),
        ("backoff_multiplier", 0.5),
        ("jitter", "some"),
        ("deadline_s", 0),
        ("max_retry_after_s", -1),
    ],
)
def test_a_number_that_makes_no_sense_is_a_value_error(name, value):
    with pytest.raises(ValueError, match=name):
        RetryHandler(**{name: value})


def test_ten_thousand_failed_calls_leave_memory_and_traceback_length_flat(clock):
    retry = handler(clock, max_retries=0)
    error = TimeoutError()

    def refused():
        error.__traceback__ = None
        retry.execute_with_retry(forever(error))

    assert_flat(refused, RetryError)
