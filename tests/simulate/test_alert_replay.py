"""The alerts of a replay, against a plain walk through all its minutes."""

import math
import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cli.rule_evaluation import compute_metric
from aurora_cli.simulate.alert_replay import FiredAlert, Queries, QueryWindows, Targets, replay_alerts
from aurora_cli.simulate.percentiles import window_quantiles
from aurora_core.alerting import AlertRule, AlertSeverity
from aurora_core.alerting.state import AlertState, RuleConfig, advance
from aurora_core.alerting.window_metrics import window_metrics
from aurora_core.manual_clock import ManualClock
from aurora_core.metrics import Call, MetricsCollector
from aurora_core.metrics.counters import WATCHABLE_METRICS

COMPARE = {"gt": operator.gt, "lt": operator.lt, "gte": operator.ge, "lte": operator.le}
QUANTILES = {"p50_latency_ms": 0.50, "p95_latency_ms": 0.95, "p99_latency_ms": 0.99}
TARGETS = Targets(availability=0.999, latency_ms=500.0)


def share(part, whole):
    return part / whole if whole else math.nan


def plain_metrics(seen, *, cached):
    """The metrics of the queries in a window, by their definition."""
    calls, met = len(seen), sum(query.met for query in seen)
    failed = sum(not query.answered for query in seen)
    latency, attempts = [query.latency_ms for query in seen], sum(query.attempts for query in seen)
    return {
        "query_count": calls,
        "success_rate": share(calls - failed, calls),
        "error_rate": share(failed, calls),
        "avg_latency_ms": share(np.sum(latency), calls),
        **{name: np.quantile(latency, q) if seen else math.nan for name, q in QUANTILES.items()},
        "within_target_rate": share(sum(ms <= TARGETS.latency_ms for ms in latency), calls),
        "cache_hit_rate": share(sum(query.hit for query in seen), calls) if cached else math.nan,
        "recovery_rate": share(sum(query.met and query.answered for query in seen), met),
        "attempt_count": attempts,
        "avg_attempt_latency_ms": share(np.sum([query.service_ms for query in seen]), attempts),
        "burn_rate": share(failed, calls) / (1 - TARGETS.availability),
    }


def walk(queries, configs, *, cached):
    """Evaluate every rule in every minute, one by one: the slow reference."""
    alerts = []
    last_minute = max((int(query.end_s // 60) for query in queries), default=-1) + 1
    for config in configs:
        rule, state, worst = config.rule, AlertState(), []
        fired = []
        for moment in range(60, last_minute * 60 + 1, 60):
            seen = [query for query in queries if moment - config.window_s <= query.end_s < moment]
            value = plain_metrics(seen, cached=cached)[rule.metric_name]
            holds = len(seen) >= config.minimum_calls and COMPARE[rule.comparison](value, rule.threshold)
            state = advance(
                state,
                holds=holds,
                now_s=moment,
                for_s=config.for_s,
                keep_firing_for_s=config.keep_firing_for_s,
            )
            if state.is_notified:
                fired.append(moment)
                worst += [value] if holds else []
        if fired:
            pick = max if rule.comparison.startswith("g") else min
            alerts.append(FiredAlert(rule.name, rule.severity.value, fired[0], len(fired), pick(worst)))
    return sorted(alerts, key=lambda alert: alert.first_s)


class Query:
    """A query as the reference reads it."""

    def __init__(self, end_s, answered, latency_ms, attempts=1, met=False, hit=True):
        self.end_s, self.answered, self.latency_ms = end_s, answered, latency_ms
        self.attempts, self.met, self.hit = attempts, met, hit
        self.service_ms = latency_ms / 2


def to_arrays(queries, *, cached):
    def column(name, kind):
        return np.array([getattr(query, name) for query in queries], kind)

    return Queries(
        column("end_s", np.float64),
        column("answered", np.bool_),
        column("latency_ms", np.float64),
        column("attempts", np.int32),
        column("service_ms", np.float64),
        column("met", np.bool_),
        column("hit", np.bool_) if cached else None,
    )


def find_fired(queries, configs):
    alerts = replay_alerts(to_arrays(queries, cached=True), configs, TARGETS)
    return {alert.rule: (alert.first_s, alert.minutes) for alert in alerts}


QUERY = st.builds(
    Query,
    st.integers(0, 3000).map(lambda number: number / 2),
    st.booleans(),
    st.sampled_from([1.0, 400.0, 500.0, 600.0, 0.1]),
    st.integers(0, 3),
    st.booleans(),
    st.booleans(),
)
CONFIG = st.builds(
    RuleConfig,
    st.builds(
        AlertRule,
        st.just("rule"),
        st.sampled_from(WATCHABLE_METRICS),
        st.sampled_from([0.0, 0.05, 1 / 3, 0.5, 1.0, 2.0, 5.0, 20.0, 400.0, 500.0]),
        st.sampled_from(["gt", "lt", "gte", "lte"]),
        st.just(AlertSeverity.WARNING),
    ),
    window_s=st.sampled_from([60.0, 90.0, 300.0, 1200.0]),
    minimum_calls=st.integers(1, 5),
    for_s=st.sampled_from([0.0, 60.0, 100.0, 300.0]),
    keep_firing_for_s=st.sampled_from([0.0, 60.0, 150.5, 300.0]),
)


def rename(configs):
    return [
        config._replace(
            rule=AlertRule(
                f"rule {number}",
                config.rule.metric_name,
                config.rule.threshold,
                config.rule.comparison,
                config.rule.severity,
            )
        )
        for number, config in enumerate(configs)
    ]


@given(st.lists(QUERY, max_size=60), st.lists(CONFIG, min_size=1, max_size=4).map(rename), st.booleans())
def test_alerts_are_those_of_a_walk_through_all_minutes(queries, configs, cached):
    found = replay_alerts(to_arrays(queries, cached=cached), configs, TARGETS)
    assert found == walk(queries, configs, cached=cached)


def build_config(name, **settings):
    return RuleConfig(AlertRule(name, "error_rate", 0.5, "gt", AlertSeverity.WARNING), **settings)


def test_error_rate_at_the_threshold_is_not_above_it():
    config = RuleConfig(AlertRule("rule", "error_rate", 0.05, "gt", AlertSeverity.WARNING))
    queries = [Query(number, number != 7, 1.0) for number in range(20)]
    assert find_fired(queries, [config]) == {}
    assert set(find_fired([*queries, Query(20, False, 1.0)], [config])) == {"rule"}


def test_success_rate_is_rounded_as_in_the_live_service():
    config = RuleConfig(AlertRule("rule", "success_rate", 0.3, "gt", AlertSeverity.WARNING))
    queries = [Query(number, number < 3, 1.0) for number in range(10)]
    assert find_fired(queries, [config]) == {}  # 1 - 0.7 is above 0.3, 3 of 10 is not


def test_each_rule_has_its_own_window_waits_and_minimum_calls():
    failures = [Query(number * 10, False, 1.0) for number in range(30)]  # five minutes
    answers = [Query(300 + number * 10, True, 1.0) for number in range(120)]  # and twenty
    configs = [
        build_config("short", window_s=60.0),
        build_config("long", window_s=1200.0),
        build_config("pending", window_s=60.0, for_s=120.0),
        build_config("never", window_s=60.0, for_s=600.0),
        build_config("many", window_s=60.0, minimum_calls=7),
        build_config("slow to clear", window_s=60.0, keep_firing_for_s=180.0),
    ]
    assert find_fired([*failures, *answers], configs) == {
        "short": (60, 5),
        "long": (60, 10 - 1),  # of 20 minutes, 5 bad: above a half until minute 9 has ended
        "pending": (180, 3),
        "slow to clear": (60, 5 + 3),
    }


def test_minute_without_calls_clears_a_rule():
    queries = [Query(10, False, 1.0), Query(1000, True, 1.0), Query(1210, False, 1.0)]
    assert find_fired(queries, [build_config("any", window_s=60.0)]) == {"any": (60, 2)}


def test_worst_value_ignores_the_minutes_of_recovery():
    queries = [Query(number * 5, number % 10 >= 6, 1.0) for number in range(12)]
    queries += [Query(60 + number, True, 1.0) for number in range(540)]
    config = build_config("rule", window_s=60.0, keep_firing_for_s=300.0)
    (alert,) = replay_alerts(to_arrays(queries, cached=True), [config], TARGETS)
    assert (alert.minutes, alert.worst) == (1 + 5, pytest.approx(8 / 12))


def test_unknown_metric_fires_nothing():
    config = RuleConfig(AlertRule("rule", "no_such_metric", 0.0, "gte", AlertSeverity.WARNING))
    assert find_fired([Query(1, True, 1.0)], [config]) == {}


@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 3), st.floats(1, 5000), st.booleans(), st.booleans()),
        min_size=1,
        max_size=50,
    )
)
def test_metrics_are_those_of_the_live_collector(calls):
    """Two paths: arrays of a replay, and the collector that the service counts with."""
    collector = MetricsCollector(clock=ManualClock())
    queries = []
    for answered, attempts, latency_ms, met, hit in calls:
        saw_retryable_error = met and attempts > 0
        reason = None if answered else "retries_exhausted"
        collector.record_call(
            Call(latency_ms / 1000, reason, attempts, latency_ms / 2000, saw_retryable_error, None)
        )
        collector.record_cache_access(hit)
        queries.append(Query(1.0, answered, latency_ms, attempts, saw_retryable_error, hit))
    windows = QueryWindows(to_arrays(queries, cached=True), np.array([60.0]), 60.0, TARGETS.latency_ms)
    live = window_metrics(collector.totals(), TARGETS.availability)
    for name in WATCHABLE_METRICS:
        (found,) = compute_metric(name, windows, TARGETS.availability)
        if name not in QUANTILES:
            assert found == pytest.approx(live[name], nan_ok=True), name
            continue
        # The histogram's quantiles are at most 1 % off a measured value, the exact ones lie between two.
        latency = [query.latency_ms for query in queries]
        lower, higher = (
            np.quantile(latency, QUANTILES[name], method=method) for method in ("lower", "higher")
        )
        assert lower * 0.99 <= live[name] <= higher * 1.01
        assert lower <= found <= higher


@pytest.mark.parametrize("length", [1, 2, 3, 63, 64, 65, 1023, 1024, 1025, 3000])
@pytest.mark.parametrize("q", QUANTILES.values())
def test_quantiles_of_windows_are_those_of_numpy(length, q):
    values = np.random.default_rng(length).lognormal(3, 2, 2 * length + 1).round(1)
    first = np.arange(length + 1)
    last = first + length
    found = window_quantiles(values, first, last, q)
    assert found.tolist() == [np.quantile(values[start : start + length], q) for start in first]
    assert np.isnan(window_quantiles(values, first, first, q)).all()
