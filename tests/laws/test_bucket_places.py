"""The bucket with requests of several places, against real tokens, and its promise on a rolling minute."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.laws import bucket, rate_limit

arrivals = st.lists(st.tuples(st.floats(0, 40), st.integers(1, 3)), min_size=1, max_size=60)


def starts_of(rpm, burst, asked):
    interval, tat, now = 60 / rpm, rate_limit.NEVER, 0.0
    for gap, places in asked:
        now += gap
        start = bucket.earliest(interval, burst, tat, now, places)
        tat = bucket.take(interval, tat, start, places)
        yield now, start, places


@given(st.integers(1, 60), st.integers(3, 10), arrivals)
def test_a_request_of_several_places_takes_as_many_tokens_at_once(rpm, burst, asked):
    tokens, at = float(burst), 0.0
    for now, start, places in starts_of(rpm, burst, asked):
        tokens = min(burst, tokens + (now - at) * rpm / 60)
        at = now
        assert start == pytest.approx(now + max(0.0, places - tokens) * 60 / rpm, abs=1e-6)
        tokens -= places


@given(st.integers(1, 60), st.integers(3, 10), arrivals)
def test_first_come_first_served(rpm, burst, asked):
    starts = [start for _, start, _ in starts_of(rpm, burst, asked)]
    assert starts == sorted(starts)


@given(st.integers(1, 60), st.integers(3, 10), arrivals)
def test_at_most_n_plus_b_minus_1_places_start_in_a_rolling_minute(rpm, burst, asked):
    starts = [start for _, start, places in starts_of(rpm, burst, asked) for _ in range(places)]
    for first in starts:
        assert sum(first <= other < first + 60 - 1e-6 for other in starts) <= rpm + burst - 1


@given(st.integers(1, 600))
def test_a_bucket_of_one_is_an_even_spacing(rpm):
    starts = [start for _, start, _ in starts_of(rpm, 1, [(0.0, 1)] * 50)]
    assert [later - earlier for earlier, later in pairwise(starts)] == pytest.approx([60 / rpm] * 49)
