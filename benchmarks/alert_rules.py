"""The alert rules of a replay: over arrays, beside an evaluation of each minute on its own."""

import numpy as np
from harness import Row, in_turn

from aurora_cli.simulate.alert_replay import Queries, Targets, replay_alerts
from aurora_core.alerting.state import DEFAULT_RULE_CONFIGS, replay

DAY_S = 86_400
MINUTE_S = 60
TARGETS = Targets(0.999, 500.0)
LOGS = {
    "a sparse month": (30 * DAY_S, 100_000, 0.05, 3),
    "a sparse month, firing throughout": (30 * DAY_S, 100_000, 0.7, 3),
    "two dense hours": (2 * 3600, 1_000_000, 0.05, 5),
}


def make_queries(seconds, count, error_rate):
    rng = np.random.default_rng(1)
    latency_ms = 1000 * rng.lognormal(-0.5, 0.5, count)
    return Queries(
        np.sort(rng.uniform(0, seconds, count)),
        rng.uniform(size=count) >= error_rate,
        latency_ms,
        np.ones(count, np.int32),
        latency_ms,
        np.zeros(count, np.bool_),
    )


def evaluate_each_minute(queries, configs):
    """The plain path: a window, its metrics and each rule, one minute after the other."""
    queries = queries.sort_by_end()
    last_s = int(queries.end_s[-1] // MINUTE_S + 1) * MINUTE_S
    samples = {config.rule.name: [] for config in configs}
    for now_s in range(MINUTE_S, last_s + 1, MINUTE_S):
        metrics = {}
        for config in configs:
            if config.window_s not in metrics:
                first, last = np.searchsorted(queries.end_s, (now_s - config.window_s, now_s))
                metrics[config.window_s] = measure(
                    queries.latency_ms[first:last], queries.answered[first:last]
                )
            samples[config.rule.name].append((float(now_s), config.holds(metrics[config.window_s])))
    return {
        config.rule.name: replay(samples[config.rule.name], config.for_s, config.keep_firing_for_s)
        for config in configs
    }


def measure(latency_ms, answered):
    calls = len(latency_ms)
    if calls == 0:
        return {}
    failed = calls - np.count_nonzero(answered)
    return {
        "query_count": calls,
        "error_rate": failed / calls,
        "p95_latency_ms": float(np.quantile(latency_ms, 0.95)),
    }


def rows():
    for name, (seconds, count, error_rate, rounds) in LOGS.items():
        queries = make_queries(seconds, count, error_rate)
        found = {alert.rule: alert.first_s for alert in replay_alerts(queries, DEFAULT_RULE_CONFIGS, TARGETS)}
        plain = evaluate_each_minute(queries, DEFAULT_RULE_CONFIGS)
        assert found == {rule: periods[0].start_s for rule, periods in plain.items() if periods}
        pair = in_turn(
            lambda queries=queries: replay_alerts(queries, DEFAULT_RULE_CONFIGS, TARGETS),
            lambda queries=queries: evaluate_each_minute(queries, DEFAULT_RULE_CONFIGS),
            rounds,
        )
        least = 0.8 if "dense" in name else 20
        yield Row(
            f"alert rules over {name}, {count:,} queries",
            f"{pair.ours * 1000:.0f} ms",
            f"each minute on its own {pair.peer * 1000:,.0f} ms",
            f"{pair.times_faster:.1f} times as fast",
            f"at least {least}",
            pair.times_faster >= least,
        )
