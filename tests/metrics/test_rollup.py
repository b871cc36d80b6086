"""Sums that are merged by addition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.metrics.rollup import ERROR_TYPES, OTHER, Call, Rollup

REASONS = ["retries_exhausted", "non_retryable", "rate_limited", "breaker_open", "unspecified"]
NAMES = ["TimeoutError", "ConnectionError", "RateLimitError"]

calls = st.lists(
    st.builds(
        Call,
        latency_s=st.floats(0, 100),
        reason=st.none() | st.sampled_from(REASONS),
        attempts=st.integers(0, 4),
        attempts_s=st.floats(0, 100),
        saw_retryable_error=st.booleans(),
        error_type=st.none() | st.sampled_from(NAMES),
    ),
    max_size=40,
)


def rollup(recorded):
    filled = Rollup()
    for call in recorded:
        filled.latency.record(call.latency_s * 1000)
        filled.within_target += call.latency_s <= 0.5
        filled.count_attempts(call)
        filled.cache_lookups += 1
        filled.cache_hits += call.saw_retryable_error
        if call.reason is not None:
            filled.failures[call.reason] = filled.failures.get(call.reason, 0) + 1
    return filled


@given(calls, calls)
def test_merging_is_recording_all_in_one(one, other):
    merged = rollup(one)
    merged.merge(rollup(other))
    ours, whole = merged.metrics(), rollup(one + other).metrics()
    # Sums of fractions depend on their order in the last bits; counts and percentiles do not.
    for key in ("failures_by_reason", "errors_by_type"):
        assert ours.pop(key) == whole.pop(key)
    assert ours == pytest.approx(whole, nan_ok=True)


@given(st.lists(st.integers(0, 300), max_size=400), st.lists(st.integers(0, 300), max_size=400))
def test_error_types_are_capped_and_none_is_lost(one, other):
    first, second = Rollup(), Rollup()
    for filled, numbers in ((first, one), (second, other)):
        for number in numbers:
            filled.count_error(f"Error{number}")
    first.merge(second)
    assert sum(first.errors.values()) == len(one) + len(other)
    assert len(first.errors.keys() - {OTHER}) <= ERROR_TYPES
