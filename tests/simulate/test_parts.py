"""The small parts of a replay, each against something simpler."""

import heapq

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenarios import scenario

from aurora_cli.simulate import Provider, cache_model, event_queue, provider, replay, rng
from aurora_cli.simulate.prepare import parameters
from aurora_cli.simulate.sample import sample
from aurora_cli.simulate.scenario import compare
from aurora_cli.simulate.timeline import timeline
from models.in_simpy import splitmix


@given(st.lists(st.none() | st.floats(0, 5).map(lambda x: round(x, 1)), max_size=80))
def test_the_agenda_is_a_heap(script):
    """None takes the first event off, a number puts one on; ties come in the order of putting."""
    ours, size, theirs = event_queue.empty(len(script) + 1), 0, []
    for number, moment in enumerate(script):
        if moment is not None:
            size = event_queue.push(ours, size, moment, number, 100 + number)
            heapq.heappush(theirs, (moment, number, 100 + number))
        elif theirs:
            assert event_queue.peek(ours) == heapq.heappop(theirs)
            size = event_queue.pop(ours, size)
    while theirs:
        assert event_queue.peek(ours) == heapq.heappop(theirs)
        size = event_queue.pop(ours, size)
    assert size == 0


@given(st.integers(0, 2**63 - 1), st.integers(0, 10**9), st.integers(0, 50), st.sampled_from([0, 1]))
def test_a_draw_is_splitmix64_in_whole_numbers(seed, query, attempt, purpose):
    with np.errstate(over="ignore"):
        drawn = rng.uniform(np.uint64(seed), query, attempt, purpose)
    assert drawn == splitmix(seed)(query, attempt, purpose)
    assert 0 <= drawn < 1


def test_draws_are_spread_evenly_and_differ_by_purpose_and_attempt():
    chance = splitmix(7)
    table = np.array([[chance(q, a, p) for a in (0, 1) for p in (0, 1)] for q in range(20_000)])
    assert table.mean(axis=0) == pytest.approx([0.5] * 4, abs=0.01)
    assert np.abs(np.corrcoef(table.T) - np.eye(4)).max() < 0.03


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(-1, 4)), max_size=50), st.floats(1, 300))
def test_cache_hits_are_those_of_a_dictionary(asked, ttl):
    arrival = np.cumsum([gap for gap, _ in asked]) if asked else np.empty(0)
    keys = np.array([key for _, key in asked], np.int64)
    kept_until, expected = {}, []
    for moment, key in zip(arrival, keys, strict=True):
        hit = key >= 0 and moment <= kept_until.get(key, -1.0)
        expected.append(hit)
        if not hit:
            kept_until[key] = moment + ttl
    assert cache_model.hits(arrival, keys, ttl).tolist() == expected


def test_asking_again_keeps_an_answer_no_longer():
    arrival = np.array([0.0, 400.0, 600.0, 800.0, 1400.0, 1401.0])
    hits = cache_model.hits(arrival, np.zeros(6, np.int64), 600.0)
    assert hits.tolist() == [False, True, True, False, True, False]


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("sliding-window", [True, True, False, False, True, True]),
        ("token-bucket", [True, True, False, True, True, False]),
        ("fixed-window", [True, True, False, False, True, True]),
    ],
)
def test_the_provider_counts_as_it_says(limit, expected):
    policy = parameters(scenario(), Provider(rpm=2, limit=limit), 0).provider
    state, memory = provider.FRESH, [-np.inf] * policy.limit.requests
    served = []
    for now in (0.0, 1.0, 2.0, 40.0, 61.0, 62.0):
        state, yes, asked = provider.accept(policy, state, memory, now)
        served.append(yes)
        assert (asked == 0) == yes
    assert served == expected


@pytest.mark.parametrize(
    ("retry_after", "limit", "expected"),
    [
        ("reset", "sliding-window", 61.0 - 10.0),
        ("next", "sliding-window", 60.0 - 10.0),
        ("none", "sliding-window", 0.0),
        ("reset", "token-bucket", 50.0),
        ("next", "token-bucket", 20.0),
        ("reset", "fixed-window", 50.0),
    ],
)
def test_a_429_asks_to_wait_for_what_it_says(retry_after, limit, expected):
    policy = parameters(scenario(), Provider(rpm=2, limit=limit, retry_after=retry_after), 0).provider
    state, memory = provider.FRESH, [-np.inf] * policy.limit.requests
    for now in (0.0, 1.0):
        state, _, _ = provider.accept(policy, state, memory, now)
    _, served, asked = provider.accept(policy, state, memory, 10.0)
    assert not served
    assert asked == pytest.approx(expected, abs=0.001)


def test_the_time_to_wait_is_rounded_up_to_the_millisecond_of_its_header():
    policy = parameters(scenario(), Provider(rpm=1, retry_after="next"), 0).provider
    state, memory = provider.FRESH, [-np.inf]
    state, _, _ = provider.accept(policy, state, memory, 0.0)
    _, _, asked = provider.accept(policy, state, memory, 10.00049)
    assert asked == 50.0


def test_the_sample_is_the_same_each_time_a_bursty_day_of_a_few_thousand():
    one, other = sample(), sample()
    for ours, theirs in zip(vars(one).values(), vars(other).values(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert 2_000 < len(one) < 6_000
    assert 80_000 < one.arrival_s[-1] <= 86_400
    assert (np.diff(one.arrival_s) >= 0).all()
    minutes = np.bincount((one.arrival_s / 60).astype(int))
    assert minutes.max() > 60 > 10 * minutes.mean()
    assert set(np.unique(one.recorded)) == {0, 1, 2, 3}


def test_the_timeline_counts_everything_once():
    workload = sample()
    result = replay(workload)
    chart = timeline(workload, [("60 rpm", result)], 48)
    minutes = workload.arrival_s[-1] / 48 / 60
    offered, sent, wait = chart.series
    assert sum(offered.values) * minutes == pytest.approx(len(workload))
    assert sum(sent.values) * minutes == pytest.approx((result.sent <= workload.arrival_s[-1]).sum())
    assert max(wait.values) == result.outcomes.wait.max()


def test_policies_that_are_compared_differ_in_their_limit_only():
    assert compare(scenario(max_retries=7), [30.0, None]) == [
        scenario(rpm=30.0, max_retries=7),
        scenario(rpm=None, max_retries=7),
    ]


@pytest.mark.parametrize(
    ("policy", "upstream", "message"),
    [
        (scenario(rpm=-1), Provider(), "requests_per_minute"),
        (scenario(max_retries=-1), Provider(), "max_retries"),
        (scenario(), Provider(error_rate=1.5), "error_rate"),
        (scenario(), Provider(rpm=0), "requests_per_minute"),
    ],
)
def test_a_number_that_makes_no_sense_is_named(policy, upstream, message):
    with pytest.raises(ValueError, match=message):
        parameters(policy, upstream, 0)
    with pytest.raises(ValueError, match="seed"):
        parameters(scenario(), Provider(), -1)
