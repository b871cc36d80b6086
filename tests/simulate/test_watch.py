"""The alerts of a replay, against a walk through all its minutes."""

import math
import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cli.simulate.watch import Queries, Targets, _metrics, watch
from aurora_core.alerting import DEFAULT_RULES, AlertRule, AlertSeverity
from aurora_core.alerting.figures import figures
from aurora_core.alerting.state import DEFAULT_WATCHES, Watch
from aurora_core.manual_clock import ManualClock
from aurora_core.metrics import Call, MetricsCollector
from aurora_core.metrics.counters import WATCHABLE_METRICS

AT_ONCE = [each._replace(clear_for_s=0.0) for each in DEFAULT_WATCHES]
"""The guide's rules, resolved at once: then they fire in just the minutes in which they hold."""
HOLDS = {"gt": operator.gt, "lt": operator.lt, "gte": operator.ge, "lte": operator.le}

TARGETS = Targets(availability=0.999, latency_ms=500.0)

CALL = st.tuples(st.integers(0, 1500), st.booleans(), st.sampled_from([1.0, 400.0, 600.0]), st.booleans())


def walked(calls, *, cached):
    """For each rule: the end of the first minute in which it held, and in how many it did."""
    found = {}
    last_minute = max((end // 60 for end, *_ in calls), default=-1) + 1
    for minute in range(1, last_minute + 1):
        seen = [call for call in calls if (minute - 5) * 60 <= call[0] < minute * 60]
        if not seen:
            continue
        metrics = {
            "error_rate": sum(not answered for _, answered, _, _ in seen) / len(seen),
            "p95_latency_ms": np.percentile([latency for _, _, latency, _ in seen], 95),
            "cache_hit_rate": sum(hit for *_, hit in seen) / len(seen) if cached else math.nan,
        }
        for rule in DEFAULT_RULES:
            if HOLDS[rule.comparison](metrics[rule.metric_name], rule.threshold):
                first, minutes = found.get(rule.name, (minute * 60, 0))
                found[rule.name] = (first, minutes + 1)
    return found


def watched(calls, *, cached, watches=None):
    columns = [np.array(column) for column in zip(*calls, strict=True)] or [np.empty(0)] * 4
    ends, answered, latency, hit = columns
    queries = Queries(
        ends.astype(float),
        answered.astype(bool),
        latency,
        np.ones(len(ends), np.int32),
        latency,
        np.zeros(len(ends), np.bool_),
        hit.astype(bool) if cached else None,
    )
    episodes = watch(queries, AT_ONCE if watches is None else watches, TARGETS)
    return {episode.rule: (episode.first_s, episode.minutes) for episode in episodes}


@given(st.lists(CALL, max_size=60), st.booleans())
def test_the_alerts_are_those_of_a_walk_through_all_minutes(calls, cached):
    assert watched(calls, cached=cached) == walked(calls, cached=cached)


def test_a_share_of_errors_that_is_just_the_threshold_is_not_above_it():
    calls = [(number, number != 7, 1.0, True) for number in range(20)]
    assert watched(calls, cached=True) == {}
    assert set(watched([*calls, (20, False, 1.0, True)], cached=True)) == {"high_error_rate"}


def rule(name, **settings):
    return Watch(AlertRule(name, "error_rate", 0.5, "gt", AlertSeverity.WARNING), **settings)


def test_each_rule_has_its_own_window_wait_and_fewest_calls():
    bad = [(number * 10, False, 1.0, True) for number in range(30)]  # five minutes of failures
    good = [(300 + number * 10, True, 1.0, True) for number in range(120)]  # and twenty of answers
    watches = [
        rule("short", window_s=60.0),
        rule("long", window_s=1200.0),
        rule("patient", window_s=60.0, for_s=120.0),
        rule("too patient", window_s=60.0, for_s=600.0),
        rule("many", window_s=60.0, minimum_calls=7),
        rule("slow to clear", window_s=60.0, clear_for_s=180.0),
    ]
    assert watched([*bad, *good], cached=True, watches=watches) == {
        "short": (60, 5),
        "long": (60, 10 - 1),  # of 20 minutes, 5 bad: above a half until minute 9 has ended
        "patient": (180, 3),
        "slow to clear": (60, 5 + 3),
    }


def test_a_quiet_minute_clears_a_rule():
    calls = [(10, False, 1.0, True), (1000, True, 1.0, True), (1210, False, 1.0, True)]
    assert watched(calls, cached=True, watches=[rule("any", window_s=60.0)]) == {"any": (60, 2)}


def test_a_rule_may_watch_any_figure_that_a_replay_has_the_burn_rate_among_them():
    calls = [(number, number % 10 != 0, 100.0 + number, True) for number in range(50)]

    def fires(metric, threshold, comparison="gt"):
        seen = Watch(AlertRule("rule", metric, threshold, comparison, AlertSeverity.WARNING))
        return watched(calls, cached=True, watches=[seen]) != {}

    assert fires("burn_rate", 99.0)  # a tenth fails, of a thousandth that may
    assert not fires("burn_rate", 101.0)
    assert fires("p99_latency_ms", 140.0)
    assert fires("p50_latency_ms", 120.0)
    assert fires("avg_latency_ms", 124.0)
    assert not fires("avg_latency_ms", 125.0)


@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 3), st.floats(1, 5000), st.booleans(), st.booleans()),
        min_size=1,
        max_size=50,
    )
)
def test_the_figures_that_a_rule_may_watch_are_those_of_the_live_collector(calls):
    """Two paths: arrays of a replay, and the collector that the service counts with."""
    collector = MetricsCollector(clock=ManualClock())
    for answered, attempts, latency_ms, met, hit in calls:
        saw_retryable_error = met and attempts > 0
        reason = None if answered else "exhausted"
        collector.record_call(
            Call(latency_ms / 1000, reason, attempts, latency_ms / 2000, saw_retryable_error, None)
        )
        collector.record_cache_access(hit)
    answered, attempts, latency_ms, met, hit = (np.array(column) for column in zip(*calls, strict=True))
    seen = Queries(
        np.arange(len(calls), dtype=float), answered, latency_ms, attempts, latency_ms / 2,
        met & (attempts > 0), hit,
    )  # fmt: skip
    found, live = _metrics(seen, TARGETS), figures(collector.totals(), TARGETS.availability)
    assert set(found) == set(WATCHABLE_METRICS)
    for name in set(found) - {"p50_latency_ms", "p95_latency_ms", "p99_latency_ms"}:
        assert found[name] == pytest.approx(live[name], nan_ok=True), name
    # Percentiles: the histogram's are at most 1 % off a value that there was, NumPy's lie between two.
    for name, share in (("p50_latency_ms", 0.50), ("p95_latency_ms", 0.95), ("p99_latency_ms", 0.99)):
        near = (
            np.percentile(latency_ms, share * 100, method="lower"),
            np.percentile(latency_ms, share * 100, method="higher"),
        )
        assert near[0] * 0.99 <= live[name] <= near[1] * 1.01
        assert near[0] <= found[name] <= near[1]
