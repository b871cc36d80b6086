"""A wait of exactly the longest one is admitted in a replay too, whatever the rounding."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import scenario

from aurora_cli.simulate import Workload, outcomes, replay
from aurora_cli.simulate.reader import read
from aurora_cli.simulate.stats import peak

LIMITS = st.tuples(st.integers(1, 50), st.none() | st.integers(1, 20))


def last_of(begin, rpm, burst, share, shorter_s=0.0):
    """What becomes of a query that meets a full limiter and has to wait just the longest wait."""
    until_free = 60.0 if burst is None else 60.0 / rpm
    longest = until_free * share
    at_once = rpm if burst is None else burst
    arrival = np.array([*[begin] * at_once, begin + (until_free - longest)])
    workload = Workload(arrival, np.zeros(at_once + 1), np.zeros(at_once + 1, np.int8))
    service = scenario(rpm=rpm, burst=burst, max_wait=max(0.0, longest - shorter_s))
    return replay(workload, service).outcomes.outcome[-1]


@settings(deadline=None)
@given(st.floats(0, 1e6), LIMITS, st.floats(0.001, 1))
def test_a_wait_of_just_the_longest_one_is_admitted(begin, limits, share):
    assert last_of(begin, *limits, share) == outcomes.FIRST_TRY
    assert last_of(begin, *limits, share, 2e-6) == outcomes.RATE_LIMITED


@settings(deadline=None)
@given(st.floats(0, 1e6), st.integers(1, 20), st.floats(-1e-7, 1e-7))
def test_without_patience_a_query_starts_when_it_arrives_and_the_minute_is_full_and_no_fuller(
    begin, rpm, early
):
    arrival = np.array([*[begin] * rpm, *[begin + 60.0 + early] * rpm])
    workload = Workload(arrival, np.zeros(2 * rpm), np.zeros(2 * rpm, np.int8))
    result = replay(workload, scenario(rpm=rpm, max_wait=0.0))
    np.testing.assert_array_equal(result.outcomes.start, arrival)
    assert peak(result.sent) == rpm


def test_no_query_of_a_real_log_is_refused_for_a_rounding(shared_data):
    """From a bucket of 20 at 200 a minute, 89 of its waits are 60 s and less than a nanosecond more."""
    workload, _ = read([str(shared_data / "mooncake_conversation.jsonl.gz")])

    def refused(max_wait):
        out = replay(workload, scenario(rpm=200, burst=20.0, max_wait=max_wait)).outcomes
        return int((out.outcome == outcomes.RATE_LIMITED).sum())

    assert refused(60.0) == refused(60.0 + 5e-7) < refused(60.0 - 2e-6)
