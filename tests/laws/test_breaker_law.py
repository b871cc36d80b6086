"""The breaker against a model written from the sentences, and its window against a list of all calls."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.laws import breaker, failure_window
from aurora_core.resilience.policies import breaker_policy, no_breaker

RESULTS = [breaker.SUCCESS, breaker.FAILURE, breaker.NEUTRAL]


class Model:
    """Sentences as code: names for states, a set of the calls whose result still counts."""

    def __init__(self, threshold, timeout):
        self.threshold, self.timeout = threshold, timeout
        self.state, self.streak, self.until, self.counting = "closed", 0, 0.0, set()

    def admit(self, call, now):
        if self.state != "closed":
            if now < self.until:
                return False
            self.state, self.until, self.counting = "half-open", now + self.timeout, set()
        self.counting.add(call)
        return True

    def report(self, call, now, result):
        if call not in self.counting:
            return
        self.counting.discard(call)
        if self.state == "half-open":
            if result == breaker.SUCCESS:
                self.state, self.streak = "closed", 0
            elif result == breaker.FAILURE:
                self._open(now)
            else:
                self.until = now
            self.counting = set()
        elif result == breaker.SUCCESS:
            self.streak = 0
        elif result == breaker.FAILURE:
            self.streak += 1
            if self.streak >= self.threshold:
                self._open(now)

    def _open(self, now):
        self.state, self.until, self.counting = "open", now + self.timeout, set()


steps = st.lists(
    st.tuples(st.floats(0, 4), st.booleans(), st.integers(0, 5), st.sampled_from(RESULTS)), max_size=80
)


def assert_it_follows_the_sentences(threshold, timeout, script):
    policy, state, model = breaker_policy(threshold, timeout), breaker.FRESH, Model(threshold, timeout)
    names = {breaker.CLOSED: "closed", breaker.OPEN: "open", breaker.HALF_OPEN: "half-open"}
    ring, in_flight, now = [0.0] * failure_window.RING_SIZE, [], 0.0
    for number, (gap, asks, which, result) in enumerate(script):
        now += gap
        if asks or not in_flight:
            state, wait = breaker.admit(policy, state, now)
            assert (wait == 0) == model.admit(number, now)
            if wait == 0:
                in_flight.append((number, state.generation))
            else:
                assert wait == model.until - now
        else:
            call, generation = in_flight.pop(which % len(in_flight))
            state = breaker.report(policy, state, ring, generation, now, result)
            model.report(call, now, result)
        assert names[state.mode] == model.state
        if model.state == "closed":
            assert state.failures == model.streak


@given(st.integers(1, 4), st.floats(0.5, 8), steps)
def test_it_follows_the_sentences(threshold, timeout, script):
    assert_it_follows_the_sentences(threshold, timeout, script)


@pytest.mark.parametrize("seed", range(30))
def test_it_follows_the_sentences_for_long_with_results_that_come_late(seed):
    chance = random.Random(seed)
    script = [
        (chance.expovariate(1), chance.random() < 0.6, chance.randrange(6), chance.choice(RESULTS))
        for _ in range(500)
    ]
    assert_it_follows_the_sentences(chance.randint(1, 4), chance.uniform(0.5, 8), script)


def test_no_breaker_never_opens():
    policy, state = no_breaker(), breaker.FRESH
    for _ in range(1000):
        state = breaker.report(policy, state, [], state.generation, 0.0, breaker.FAILURE)
    assert state.mode == breaker.CLOSED


@given(st.floats(1, 600), st.lists(st.tuples(st.floats(0, 200), st.booleans()), min_size=1, max_size=60))
def test_the_window_counts_what_is_young_and_forgets_what_is_old(window_s, calls):
    ring, now, seen = [0.0] * failure_window.RING_SIZE, 0.0, []
    failure_window.clear(ring)
    for gap, failed in calls:
        now += gap
        failure_window.record(ring, window_s, now, 1.0 if failed else 0.0)
        seen.append((now, failed))
        counted, failures = failure_window.count(ring, window_s, now)
        slack = window_s / failure_window.SLICES * (1 + 1e-9)
        surely = [f for moment, f in seen if moment > now - window_s + slack]
        possibly = [f for moment, f in seen if moment > now - window_s - 1e-6]
        assert len(surely) <= counted <= len(possibly)
        assert sum(surely) <= failures <= sum(possibly)


def test_a_cleared_window_is_empty():
    ring = [1.0] * failure_window.RING_SIZE
    failure_window.clear(ring)
    assert failure_window.count(ring, 60.0, 0.0) == (0, 0)


@pytest.mark.parametrize("result", RESULTS)
def test_a_probe_leads_where_the_diagram_says(result):
    policy = breaker_policy(1, 10.0)
    ring = [0.0] * failure_window.RING_SIZE
    state = breaker.report(policy, breaker.FRESH, ring, 0, 0.0, breaker.FAILURE)
    assert (state.mode, state.probe_at) == (breaker.OPEN, 10.0)
    state, wait = breaker.admit(policy, state, 10.0)
    assert (state.mode, wait) == (breaker.HALF_OPEN, 0.0)
    after = breaker.report(policy, state, ring, state.generation, 11.0, result)
    expected = {
        breaker.SUCCESS: (breaker.CLOSED, -math.inf),
        breaker.FAILURE: (breaker.OPEN, 21.0),
        breaker.NEUTRAL: (breaker.HALF_OPEN, 11.0),
    }
    assert (after.mode, after.probe_at) == expected[result]
    assert after.generation == state.generation + 1
