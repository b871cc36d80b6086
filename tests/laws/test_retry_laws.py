"""Backoff, the next attempt and the budget: closed forms."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.laws import backoff, retry, retry_budget
from aurora_core.resilience.policies import budget_policy, retry_policy

delays = st.just(0.0) | st.floats(1e-6, 1e6)
policies = st.builds(
    retry_policy,
    base_delay_ms=delays,
    max_delay_ms=delays,
    backoff_multiplier=st.floats(1, 20),
    jitter=st.sampled_from(["none", "full", "equal"]),
)


@given(delays, delays, st.floats(1, 20), st.integers(0, 100))
def test_the_delay_is_the_closed_form(base_ms, cap_ms, multiplier, number):
    policy = retry_policy(1, base_ms, cap_ms, multiplier).backoff
    expected = min(cap_ms, base_ms * multiplier**number) / 1000
    assert backoff.delay(policy, number, 0.5) == pytest.approx(expected, rel=1e-9)


@given(policies, st.integers(0, 10**9), st.floats(0, 1, exclude_max=True))
def test_no_retry_number_is_too_large_and_no_delay_beyond_the_cap(policy, number, uniform):
    assert 0 <= backoff.delay(policy.backoff, number, uniform) <= policy.backoff.cap_s


@given(policies, st.integers(0, 50), st.floats(0, 1, exclude_max=True))
def test_jitter_spreads_the_capped_delay(policy, number, uniform):
    exact = backoff.capped(policy.backoff, number)
    got = backoff.delay(policy.backoff, number, uniform)
    expected = {
        backoff.NO_JITTER: exact,
        backoff.FULL_JITTER: uniform * exact,
        backoff.EQUAL_JITTER: exact / 2 + uniform * exact / 2,
    }
    assert got == pytest.approx(expected[policy.backoff.jitter])


def test_attempts_end_after_the_first_and_all_retries():
    policy = retry_policy(2)
    assert retry.next_attempt(policy, 2, 0.0, math.inf, 0.0, 0.0)[1] == retry.GO
    assert retry.next_attempt(policy, 3, 0.0, math.inf, 0.0, 0.0) == (math.inf, retry.NO_ATTEMPTS_LEFT)


@given(policies, st.floats(0, 1e3), st.floats(0, 1e3), st.floats(0, 119), st.floats(0, 1, exclude_max=True))
def test_a_wait_begins_only_if_it_ends_before_the_deadline_and_is_never_less_than_asked(
    policy, now, left, asked, uniform
):
    resume, stop = retry.next_attempt(policy, 1, now, now + left, asked, uniform)
    wait = max(asked, backoff.delay(policy.backoff, 0, uniform))
    if stop == retry.GO:
        assert resume == now + wait
        assert resume < now + left
    else:
        assert (resume, stop) == (math.inf, retry.PAST_DEADLINE)
        assert now + wait >= now + left


@given(st.floats(0.01, 5), st.floats(1, 50), st.lists(st.booleans(), max_size=200))
def test_the_budget_spends_one_a_retry_and_never_more_than_was_earned(ratio, capacity, successes):
    policy, saved, spent, earned = budget_policy(ratio, capacity), capacity, 0, 0
    for success in successes:
        if success:
            saved, earned = retry_budget.deposit(policy, saved), earned + 1
        else:
            saved, granted = retry_budget.withdraw(saved)
            spent += granted
        assert 0 <= saved <= capacity
    assert spent <= capacity + ratio * earned + 1e-6
