"""Stats, goals and alerts, counted again by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenarios import scenario

from aurora_cli import exit_codes
from aurora_cli.simulate import Provider, Workload, outcomes, replay
from aurora_cli.simulate.alert_replay import Queries, Targets, replay_alerts
from aurora_cli.simulate.goals import METRICS, parse_goal
from aurora_cli.simulate.run import decide
from aurora_cli.simulate.sample import sample
from aurora_cli.simulate.stats import compute_stats, peak, spread
from aurora_core.alerting.state import DEFAULT_RULE_CONFIGS


@pytest.fixture(scope="module")
def answer():
    return compute_stats(sample(), replay(sample()), scenario())


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50))
def test_a_spread_is_numpys(values):
    found = spread(np.array(values))
    assert (found.p50, found.p95, found.p99) == tuple(np.percentile(values, (50, 95, 99)))
    assert (found.mean, found.max) == (pytest.approx(np.mean(values)), max(values))


@given(st.lists(st.floats(0, 400), max_size=60))
def test_the_peak_is_the_fullest_rolling_minute(moments):
    starts = np.sort(moments)
    expected = max((int(((starts >= s) & (starts < s + 60 - 1e-6)).sum()) for s in starts), default=0)
    assert peak(starts) == expected


def test_the_recovery_rate_is_of_all_that_met_a_passing_failure(answer):
    out = replay(sample()).outcomes
    met = (out.attempts > 1) | (out.outcome == outcomes.RETRIES_EXHAUSTED)
    assert answer.recovery_rate == pytest.approx((out.outcome == outcomes.RECOVERED).sum() / met.sum())


def test_a_query_refused_on_its_way_to_a_retry_has_met_a_failure():
    recorded = np.array([1, 1, 1, 0], np.int8)
    workload = Workload(np.array([0.0, 0.1, 0.2, 0.3]), np.full(4, 0.01), recorded)
    policy = scenario(rpm=4, max_wait=0.0, failure_threshold=None)
    answer = compute_stats(workload, replay(workload, policy), policy)
    assert answer.queries[outcomes.RATE_LIMITED] > 0
    assert answer.recovery_rate < 1


def test_the_json_has_the_contracts_names(answer):
    found = answer.to_json()
    assert {
        "policy", "queries", "attempts", "amplification", "provider_429", "recovery_rate", "latency_ms",
        "wait_ms", "backoff_ms", "service_ms", "peak_starts_per_minute", "longest_queue", "sla", "alerts",
    } <= set(found)  # fmt: skip
    assert set(found["queries"]) == {
        "total", "answered", "first_try", "recovered", "retries_exhausted", "non_retryable", "rate_limited",
        "breaker_open",
    }  # fmt: skip
    queries = found["queries"]
    assert queries["answered"] == queries["first_try"] + queries["recovered"]
    assert queries["total"] == queries["answered"] + sum(list(queries.values())[4:])
    assert set(found["latency_ms"]) == {"mean", "p50", "p95", "p99", "max"}


def test_the_sla_is_judged_on_the_replay(answer):
    states = {result.objective.name: (result.value, result.state) for result in answer.objective_results}
    failed = answer.total - answer.queries[outcomes.FIRST_TRY] - answer.queries[outcomes.RECOVERED]
    assert states["error_rate"][0] == pytest.approx(failed / answer.total)
    assert states["availability"][0] == pytest.approx(1 - failed / answer.total)
    assert states["p95_latency"][0] == answer.latency_ms.p95
    assert answer.sla_met is False


def watched(ends, answered, latency_ms):
    """The alerts of queries of one attempt each."""
    count = len(ends)
    queries = Queries(
        ends, answered, latency_ms, np.ones(count, np.int32), latency_ms, np.zeros(count, np.bool_)
    )
    return replay_alerts(queries, DEFAULT_RULE_CONFIGS, Targets(0.999, 500.0))


def test_a_rule_fires_in_the_minute_after_it_holds_and_as_long_as_it_does():
    """One call a second; the calls of minute 10 fail: a fifth of five minutes for five minutes."""
    ends = np.arange(0, 1800) + 0.5
    answered = ~((ends >= 600) & (ends < 660))
    episodes = watched(ends, answered, np.full(1800, 100.0))
    (episode,) = episodes
    assert (episode.rule, episode.severity) == ("high_error_rate", "warning")
    assert (episode.first_s, episode.minutes) == (660.0, 5 + 5)  # and until it was clear for five
    assert episode.worst == pytest.approx(0.2)


def test_the_last_minute_counts_too():
    ends = np.array([1.0, 2.0, 61.0])
    episodes = watched(ends, np.array([True, True, False]), np.full(3, 1.0))
    assert {(episode.rule, episode.first_s) for episode in episodes} == {
        ("high_error_rate", 120.0),
        ("critical_error_rate", 120.0),
    }


def test_minutes_of_silence_fire_nothing():
    ends = np.array([10.0, 100_000.0])
    slow = watched(ends, np.ones(2, bool), np.array([20_000.0, 10.0]))
    assert [(episode.rule, episode.minutes) for episode in slow] == [("high_latency_p95", 5 + 5)]
    assert watched(np.empty(0), np.empty(0, bool), np.empty(0)) == []


@pytest.mark.parametrize(
    ("text", "metric", "comparison", "bound"),
    [
        ("p95<500ms", "p95", "<", 500.0),
        ("p99 <= 2s", "p99", "<=", 2000.0),
        ("refused<1%", "refused", "<", 0.01),
        ("failed<=0.7%", "failed", "<=", 0.007),
        ("recovery>=0.95", "recovery", ">=", 0.95),
        ("queue<10", "queue", "<", 10.0),
    ],
)
def test_a_goal_is_read(text, metric, comparison, bound):
    goal = parse_goal(text)
    assert (goal.metric, goal.comparison, goal.bound) == (metric, comparison, pytest.approx(bound))


def even_figures(failed, total):
    """Stats of that many queries, of which the first so many failed for good."""
    recorded = np.where(np.arange(total) < failed, 3, 0).astype(np.int8)
    workload = Workload(np.arange(total) * 2.0, np.full(total, 0.1), recorded)
    return compute_stats(workload, replay(workload), scenario())


@pytest.mark.parametrize(
    ("failed", "total", "written"), [(1, 100, "1%"), (7, 1000, "0.7%"), (7, 1000, "0.007"), (29, 100, "29%")]
)
def test_a_share_that_is_just_its_bound_is_neither_above_nor_below(failed, total, written):
    answer = even_figures(failed, total)
    assert parse_goal(f"failed<={written}").met(answer)
    assert parse_goal(f"failed>={written}").met(answer)
    assert not parse_goal(f"failed<{written}").met(answer)
    assert not parse_goal(f"failed>{written}").met(answer)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "p95",
        "p95<",
        "p95<5",
        "p95<5%",
        "speed<5ms",
        "refused<5ms",
        "refused<2",
        "queue<1s",
        "p95=5ms",
        "p95<1.2.3s",
    ],
)
def test_a_goal_that_makes_no_sense_says_what_it_should_be(text):
    with pytest.raises(ValueError, match="goal"):
        parse_goal(text)


@pytest.mark.parametrize("metric", METRICS)
def test_every_figure_can_be_a_goal(answer, metric):
    kind = METRICS[metric][0]
    goal = parse_goal(f"{metric}>=0{kind}")
    assert goal.met(answer)
    assert not math.isnan(goal.value(answer))


def test_a_missed_goal_decides_and_one_without_data_gives_no_verdict(answer):
    met, missed, unknown = parse_goal("p50<1s"), parse_goal("p99<1ms"), parse_goal("recovery>=95%")
    nothing_failed = replace(answer, recovery_rate=math.nan)
    assert decide([answer], [])[1] == exit_codes.GOOD
    assert decide([answer], [met])[1] == exit_codes.GOOD
    assert decide([answer], [met, missed])[1] == exit_codes.NOT_GOOD
    assert decide([nothing_failed], [met, unknown])[1] == exit_codes.NO_VERDICT
    assert decide([nothing_failed], [missed, unknown])[1] == exit_codes.NOT_GOOD


def test_the_provider_own_limit_shows_as_429s():
    workload = sample()
    result = replay(workload, scenario(rpm=None), Provider(rpm=30))
    answer = compute_stats(workload, result, scenario(rpm=None))
    assert answer.provider_429 == result.outcomes.throttled.sum() > 0
