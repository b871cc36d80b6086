"""Window and bucket against naive models that remember everything."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.laws import bucket, rate_limit, window
from aurora_core.resilience.policies import limit_policy

gaps = st.lists(st.tuples(st.floats(0, 40), st.integers(1, 3)), min_size=1, max_size=60)


@given(st.integers(3, 12), gaps)
def test_the_window_is_the_formula_over_all_starts_so_far(n, asked):
    ring, oldest, now, all_starts = [rate_limit.NEVER] * n, 0, 0.0, []
    for gap, places in asked:
        now += gap
        start = window.earliest(ring, oldest, now, places)
        previous = all_starts[-1] if all_starts else now
        full = all_starts[-(n - places + 1)] + 60 if len(all_starts) > n - places else now
        assert start == max(now, previous, full)
        oldest = window.take(ring, oldest, start, places)
        all_starts += [start] * places
        assert sum(start - 60 < other for other in all_starts if other + 60 > start) <= n


@given(st.integers(1, 12), gaps)
def test_the_window_waits_only_while_it_is_full(n, asked):
    ring, oldest, now, starts = [rate_limit.NEVER] * n, 0, 0.0, []
    for gap, _ in asked:
        now += gap
        start = window.earliest(ring, oldest, now, 1)
        if start > now:
            at_once = [other for other in starts if other + 60 > now]
            assert len(at_once) >= n or starts[-1] > now
        oldest = window.take(ring, oldest, start, 1)
        starts.append(start)


@given(st.integers(1, 60), st.integers(1, 10), st.lists(st.floats(0, 40), min_size=1, max_size=60))
def test_the_bucket_is_a_bucket_of_real_tokens(rpm, burst, asked):
    rate, tokens, at, tat, now = rpm / 60, float(burst), 0.0, rate_limit.NEVER, 0.0
    for gap in asked:
        now += gap
        tokens = min(burst, tokens + (now - at) * rate)
        at = now
        expected = now + max(0.0, 1 - tokens) / rate
        tokens -= 1
        start = bucket.earliest(60 / rpm, burst, tat, now, 1)
        tat = bucket.take(60 / rpm, tat, start, 1)
        assert start == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("burst", [None, 3])
@given(data=st.data())
def test_a_refusal_changes_nothing_and_says_the_wait(burst, data):
    policy = limit_policy(3, burst=burst)
    memory, state, now = [rate_limit.NEVER] * policy.requests, rate_limit.FRESH, 0.0
    for gap in data.draw(st.lists(st.floats(0, 25), max_size=20)):
        now += gap
        before = list(memory)
        after, start, wait = rate_limit.reserve(policy, state, memory, now, 10.0, 1)
        if start == math.inf:
            assert (after, memory) == (state, before)
            assert wait > 10
            _, start, again = rate_limit.reserve(policy, state, list(memory), now + wait, 1e-9, 1)
            assert again <= 1e-9
        else:
            assert 0 <= wait <= 10
            assert start == now + wait or start == pytest.approx(now + wait)
        state = after


@pytest.mark.parametrize("burst", [None, 2])
@given(data=st.data())
def test_a_place_given_back_is_taken_by_the_next_as_if_the_first_had_not_been(burst, data):
    policy = limit_policy(4, burst=burst)
    memory, state, now = [rate_limit.NEVER] * policy.requests, rate_limit.FRESH, 0.0
    for gap in data.draw(st.lists(st.floats(0, 25), max_size=20)):
        now += gap
        state, _, _ = rate_limit.reserve(policy, state, memory, now, math.inf, 1)
    without = list(memory)
    places = data.draw(st.integers(1, 2))
    after, start, wait = rate_limit.reserve(policy, state, memory, now, math.inf, places)
    if wait <= 0:
        return
    restored = rate_limit.give_back(policy, after, memory, start, places)
    assert restored == state
    _, _, ours = rate_limit.reserve(policy, restored, memory, now, -1.0, places)
    assert ours == pytest.approx(rate_limit.reserve(policy, state, without, now, -1.0, places)[2])


def test_no_limit_is_always_now():
    policy = limit_policy(1)._replace(kind=rate_limit.UNLIMITED)
    assert rate_limit.reserve(policy, 0, [0.0], 5.0, 0.0, 1) == (0, 5.0, 0.0)
    assert rate_limit.give_back(policy, 0, [0.0], 5.0, 1) == 0


@given(st.floats(0, 100), st.integers(0, 5))
def test_asked_with_less_than_no_patience_it_changes_nothing_and_says_the_wait(now, taken):
    policy = limit_policy(3)
    memory, state = [rate_limit.NEVER] * 3, rate_limit.FRESH
    for _ in range(taken):
        state, _, _ = rate_limit.reserve(policy, state, memory, 0.0, math.inf, 1)
    before = list(memory)
    after, start, wait = rate_limit.reserve(policy, state, memory, now, -1.0, 1)
    assert (after, start, memory) == (state, math.inf, before)
    assert wait == max(0.0, (60.0 if taken >= 3 else 0.0) - now)
