"""A wait of exactly the longest one is admitted, whatever the rounding; a microsecond more is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.errors import RateLimitExceeded
from aurora_core.manual_clock import ManualClock
from aurora_core.resilience.limiter import RateLimiter

MOMENTS = st.floats(0, 1e6)
SHARES = st.floats(0.001, 1)
LIMITS = st.tuples(st.integers(1, 50), st.none() | st.integers(1, 20))


def full(begin, rpm, burst, max_wait=60.0):
    """A limiter whose places were all taken at ``begin``, its clock, and the seconds until one is free."""
    clock = ManualClock(now=begin)
    limiter = RateLimiter(rpm, max_wait, burst, clock=clock)
    assert limiter.try_acquire(rpm if burst is None else burst)
    return limiter, clock, 60.0 if burst is None else 60.0 / rpm


@given(MOMENTS, LIMITS, SHARES)
def test_a_wait_of_just_the_longest_one_is_admitted(begin, limits, share):
    until_free = full(begin, *limits)[2]
    longest = until_free * share
    limiter, clock, _ = full(begin, *limits, longest)
    clock.advance(until_free - longest)
    with pytest.raises(RateLimitExceeded):
        limiter.wait_if_needed(max_wait=max(0.0, longest - 2e-6))
    assert limiter.wait_if_needed() == pytest.approx(longest, abs=1e-6)


@given(MOMENTS, LIMITS, st.floats(-2e-6, 2e-6))
def test_without_patience_it_never_sleeps_and_what_would_wait_is_what_is_refused(begin, limits, early):
    limiter, clock, until_free = full(begin, *limits)
    clock.advance(until_free + early)
    would_wait = limiter.would_rate_limit()
    assert limiter.try_acquire() != would_wait
    limiter, clock, until_free = full(begin, *limits)
    clock.advance(until_free + early)
    if would_wait:
        with pytest.raises(RateLimitExceeded):
            limiter.wait_if_needed(max_wait=0)
    else:
        assert limiter.wait_if_needed(max_wait=0) == 0
    assert clock.sleeps == []
    assert limiter.queue == 0
