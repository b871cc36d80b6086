"""Each sentence on the retry budget."""

import math

import pytest
from resilience_doubles import Flaky, ProviderError, forever

from aurora_core.errors import RetryError
from aurora_core.resilience.budget import RetryBudget
from aurora_core.resilience.retry import RetryHandler


def emptied(budget):
    while budget.withdraw():
        pass
    return budget


def test_it_starts_full_and_a_retry_takes_one():
    budget = RetryBudget(ratio=0.1, capacity=3)
    assert [budget.withdraw() for _ in range(4)] == [True, True, True, False]
    assert budget.credits == 0


@pytest.mark.parametrize("successes", [2, 3, 5, 7, 10, 20, 100])
def test_so_many_successes_earn_one_retry_and_no_fewer_do(successes):
    budget = emptied(RetryBudget(ratio=1 / successes, capacity=10))
    for _ in range(successes - 1):
        budget.deposit()
    assert not budget.withdraw()
    budget.deposit()
    assert budget.withdraw()
    assert 0 <= budget.credits < 1e-6


def test_it_saves_up_to_its_capacity():
    budget = RetryBudget(ratio=0.5, capacity=2)
    for _ in range(100):
        budget.deposit()
    assert budget.credits == 2


@pytest.mark.parametrize("name", ["ratio", "capacity"])
@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf])
def test_a_number_that_is_not_positive_is_a_value_error(name, value):
    with pytest.raises(ValueError, match=name):
        RetryBudget(**{name: value})


def test_while_everything_fails_the_provider_gets_the_first_attempts_and_little_more(clock):
    budget, sent = RetryBudget(ratio=0.1, capacity=10), []
    handlers = [RetryHandler(clock=clock, budget=budget) for _ in range(2)]

    def fail():
        sent.append(1)
        raise TimeoutError

    for number in range(100):
        with pytest.raises(RetryError):
            handlers[number % 2].execute_with_retry(fail)
    assert len(sent) == 110


def test_a_success_after_retries_earns_no_more_than_another(clock):
    budget = RetryBudget(ratio=0.25, capacity=8)
    RetryHandler(clock=clock, budget=budget).execute_with_retry(Flaky(TimeoutError(), TimeoutError()))
    assert budget.credits == 6.25


@pytest.mark.parametrize("error", [ProviderError(400), ProviderError(503, retry_after=121)])
def test_where_no_retry_is_made_no_credit_is_taken(clock, error):
    budget = RetryBudget(capacity=2)
    with pytest.raises((ProviderError, RetryError)):
        RetryHandler(clock=clock, budget=budget).execute_with_retry(forever(error))
    assert budget.credits == 2
