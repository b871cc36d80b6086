"""The breaker by share of failures, against a list of all calls."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.laws import breaker, failure_window
from aurora_core.resilience.policies import breaker_policy

RESULTS = [breaker.SUCCESS, breaker.FAILURE, breaker.NEUTRAL]


def closed_with(policy, results):
    """The state after these results at one moment, and how many of them it took to leave CLOSED."""
    ring, state = [0.0] * failure_window.RING_SIZE, breaker.FRESH
    failure_window.clear(ring)
    for number, result in enumerate(results, start=1):
        state = breaker.report(policy, state, ring, state.generation, 0.0, result)
        if state.mode != breaker.CLOSED:
            return state, number
    return state, None


@given(st.integers(1, 100), st.integers(1, 10), st.lists(st.sampled_from(RESULTS), max_size=60))
def test_it_opens_on_the_call_that_brings_the_share_of_enough_calls_to_the_mark(percent, minimum, results):
    policy = breaker_policy(1, 10.0, percent / 100, minimum)
    calls = failures = 0
    expected = None
    for number, result in enumerate(results, start=1):
        calls += result != breaker.NEUTRAL
        failures += result == breaker.FAILURE
        reached = result != breaker.NEUTRAL and calls >= minimum and 100 * failures >= percent * calls
        if reached:
            expected = number
            break
    state, opened_by = closed_with(policy, results)
    assert opened_by == expected
    assert (state.mode == breaker.OPEN) == (expected is not None)


@pytest.mark.parametrize("percent", range(1, 101))
def test_a_share_of_a_hundred_calls_is_reached_by_exactly_so_many_failures(percent):
    policy = breaker_policy(1, 10.0, percent / 100, 100)
    calls = [breaker.FAILURE] * percent + [breaker.SUCCESS] * (100 - percent)
    assert closed_with(policy, calls)[0].mode == breaker.OPEN
    one_less = [breaker.FAILURE] * (percent - 1) + [breaker.SUCCESS] * (101 - percent)
    assert closed_with(policy, one_less)[0].mode == breaker.CLOSED


def test_consecutive_failures_alone_do_not_open_it_before_the_minimum_of_calls():
    policy = breaker_policy(1, 10.0, 0.5, 10)
    assert closed_with(policy, [breaker.FAILURE] * 9)[0].mode == breaker.CLOSED
    assert closed_with(policy, [breaker.FAILURE] * 10)[1] == 10


def test_without_a_share_the_window_is_neither_read_nor_written():
    policy, state = breaker_policy(2, 10.0), breaker.FRESH
    for result in (breaker.FAILURE, breaker.SUCCESS, breaker.FAILURE, breaker.FAILURE):
        state = breaker.report(policy, state, (), state.generation, 0.0, result)
    assert state.mode == breaker.OPEN
