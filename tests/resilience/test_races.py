"""No update of a shared state is lost, even where threads come in between a law's reading and its result."""

import pytest
from resilience_doubles import Flaky, ProviderError, giving_way, in_threads

from aurora_core.errors import CircuitBreakerOpen
from aurora_core.laws import breaker as breaker_law
from aurora_core.laws import rate_limit as limit_law
from aurora_core.laws import retry_budget as budget_law
from aurora_core.resilience import retry
from aurora_core.resilience.breaker import CircuitBreaker
from aurora_core.resilience.budget import RetryBudget
from aurora_core.resilience.limiter import RateLimiter

THREADS, TIMES = 8, 50


@pytest.fixture
def slowed(monkeypatch):
    def slow(owner, *names):
        for name in names:
            monkeypatch.setattr(owner, name, giving_way(getattr(owner, name)))

    return slow


def many_times(work):
    in_threads(*[lambda: [work() for _ in range(TIMES)]] * THREADS)


@pytest.mark.parametrize("burst", [None, 1000])
def test_each_place_is_given_once(slowed, clock, burst):
    slowed(limit_law, "reserve")
    limiter = RateLimiter(1000, burst=burst, clock=clock)
    many_times(limiter.try_acquire)
    assert sum(limiter.try_acquire() for _ in range(1000)) == 1000 - THREADS * TIMES


def test_each_failure_counts(slowed, clock):
    slowed(breaker_law, "report")
    breaker = CircuitBreaker(failure_threshold=THREADS * TIMES, clock=clock)
    admitted = breaker.admit()
    many_times(lambda: breaker.report(admitted, ProviderError(503)))
    assert (breaker.failure_count, breaker.state) == (THREADS * TIMES, "OPEN")


def test_one_probe_passes(slowed, clock):
    slowed(breaker_law, "admit")
    breaker = CircuitBreaker(failure_threshold=1, timeout=60, clock=clock)
    breaker.report(breaker.admit(), ProviderError(503))
    clock.advance(60)
    passed = []

    def probe():
        try:
            passed.append(breaker.admit())
        except CircuitBreakerOpen:
            return

    many_times(probe)
    assert len(passed) == 1


def test_each_credit_is_spent_once_and_each_deposit_kept(slowed):
    slowed(budget_law, "withdraw", "deposit")
    budget, granted = RetryBudget(ratio=1, capacity=1000), []

    def spend_two_and_earn_one():
        granted.append(budget.withdraw() + budget.withdraw())
        budget.deposit()

    many_times(spend_two_and_earn_one)
    assert budget.credits + sum(granted) == 1000 + THREADS * TIMES


def test_each_retry_is_counted(slowed, clock):
    handler = retry.RetryHandler(base_delay_ms=0, clock=clock)
    slowed(retry, "RetryCounts")
    many_times(lambda: handler.execute_with_retry(Flaky(TimeoutError())))
    assert handler.counts == (THREADS * TIMES, THREADS * TIMES, 0)
