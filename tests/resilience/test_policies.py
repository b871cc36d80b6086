"""The one place where the user's numbers become policies."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.laws import backoff, breaker, rate_limit
from aurora_core.resilience import policies

positive = st.integers(1, 10**6) | st.floats(1e-3, 1e6)


def types_of(policy):
    return {name: type(value) for name, value in policy._asdict().items()}


@given(st.integers(1, 10**6), st.just(0) | positive, st.none() | st.integers(1, 100) | st.floats(1, 100))
def test_whatever_numbers_a_limit_is_made_of_its_fields_have_the_annotated_types(rpm, wait, burst):
    made = policies.limit_policy(rpm, wait, burst)
    assert types_of(made) == rate_limit.LimitPolicy.__annotations__
    assert (made.kind == rate_limit.WINDOW) == (burst is None)


@given(st.integers(0, 50), positive, positive, st.floats(1, 10) | st.integers(1, 10))
def test_and_so_have_those_of_a_retry(retries, base_ms, cap_ms, multiplier):
    made = policies.retry_policy(retries, base_ms, cap_ms, multiplier)
    assert types_of(made.backoff) == backoff.BackoffPolicy.__annotations__
    assert (type(made.max_retries), type(made.max_retry_after_s)) == (int, float)


@given(
    st.integers(1, 100), positive, st.none() | st.just(1) | st.floats(0.01, 1), st.integers(1, 100), positive
)
def test_and_those_of_a_breaker(threshold, timeout, share, minimum, window):
    made = policies.breaker_policy(threshold, timeout, share, minimum, window)
    assert types_of(made) == breaker.BreakerPolicy.__annotations__


@pytest.mark.parametrize("bad", [0, -1, math.nan, math.inf])
@pytest.mark.parametrize(
    ("make", "name"),
    [
        (policies.limit_policy, "requests_per_minute"),
        (policies.breaker_policy, "failure_threshold"),
        (policies.breaker_policy, "timeout"),
        (policies.breaker_policy, "minimum_calls"),
        (policies.breaker_policy, "window_s"),
        (policies.budget_policy, "ratio"),
        (policies.budget_policy, "capacity"),
    ],
)
def test_what_must_be_positive_and_is_not_is_a_value_error_that_names_it(make, name, bad):
    required = {"requests_per_minute": 60} if make is policies.limit_policy else {}
    with pytest.raises(ValueError, match=name):
        make(**{**required, name: bad})


@pytest.mark.parametrize("burst", [0, -1, 0.5, math.nan, math.inf])
def test_a_bucket_smaller_than_one_or_without_end_is_a_value_error(burst):
    with pytest.raises(ValueError, match="burst"):
        policies.limit_policy(60, burst=burst)


def test_a_bucket_may_have_a_rate_that_is_no_whole_number_and_a_wait_may_have_no_end():
    made = policies.limit_policy(0.5, math.inf, 1)
    assert (made.interval_s, made.max_wait_s) == (120.0, math.inf)


@given(st.floats(1e-3, 1e5), st.floats(1e-3, 1e5), st.floats(1, 20))
def test_the_cap_is_reached_where_the_policy_says_and_not_before(base_ms, cap_ms, multiplier):
    made = policies.retry_policy(1, base_ms, cap_ms, multiplier).backoff
    first = int(made.capped_from)
    assert backoff.capped(made, first) == made.cap_s
    if first > 1:
        assert base_ms * multiplier ** (first - 2) < cap_ms * (1 + 1e-6)


def test_no_limit_and_no_breaker_are_policies_too():
    assert policies.unlimited().kind == rate_limit.UNLIMITED
    assert policies.no_breaker().threshold == math.inf
