"""Alert rules, as far as ``check_metrics``."""

import math
import threading

import numpy as np
import pytest

from aurora_core.alerting import DEFAULT_RULES, Alerting, AlertRule, AlertSeverity


def rule(name="r", comparison="gt", threshold=0.05, **changes):
    fields = {"metric_name": "error_rate", "severity": AlertSeverity.WARNING, "description": "too many"}
    return AlertRule(name=name, comparison=comparison, threshold=threshold, **{**fields, **changes})


@pytest.mark.parametrize(
    ("comparison", "fires_at"),
    [("gt", {0.06}), ("gte", {0.05, 0.06}), ("lt", {0.04}), ("lte", {0.04, 0.05})],
)
def test_each_comparison_fires_on_its_side_of_the_threshold(comparison, fires_at):
    alerting = Alerting([rule(comparison=comparison)])
    fired = {value for value in (0.04, 0.05, 0.06) if alerting.check_metrics({"error_rate": value})}
    assert fired == fires_at


@pytest.mark.parametrize("metrics", [{}, {"error_rate": math.nan}, {"error_rate": None}, {"other": 1.0}])
@pytest.mark.parametrize("comparison", ["gt", "lt", "gte", "lte"])
def test_no_data_fires_nothing(comparison, metrics):
    assert Alerting([rule(comparison=comparison)]).check_metrics(metrics) == []


@pytest.mark.parametrize("value", [1, 0.5, np.float32(0.5), np.int64(1)])
def test_a_figure_of_any_numeric_type_is_compared(value):
    (alert,) = Alerting([rule()]).check_metrics({"error_rate": value})
    assert alert.value == value


def test_the_default_rules_are_the_guides_four():
    alerting = Alerting()
    alerting.add_default_rules()
    assert [(r.name, r.metric_name, r.comparison, r.threshold, r.severity.value) for r in alerting.rules] == [
        ("high_error_rate", "error_rate", "gt", 0.05, "warning"),
        ("high_latency_p95", "p95_latency_ms", "gt", 10_000, "warning"),
        ("low_cache_hit_rate", "cache_hit_rate", "lt", 0.20, "info"),
        ("critical_error_rate", "error_rate", "gt", 0.20, "critical"),
    ]


def test_an_alert_says_what_holds_and_its_value():
    (alert,) = Alerting(DEFAULT_RULES).check_metrics({"p95_latency_ms": 12_000.0})
    assert alert.rule == "high_latency_p95"
    assert alert.severity is AlertSeverity.WARNING
    assert "P95 latency exceeds 10 seconds" in alert.message
    assert "p95_latency_ms is 12000, threshold 10000" in alert.message


def test_all_rules_that_hold_now_are_returned():
    fired = Alerting(DEFAULT_RULES).check_metrics({"error_rate": 0.5, "cache_hit_rate": 0.1})
    assert [a.rule for a in fired] == ["high_error_rate", "low_cache_hit_rate", "critical_error_rate"]


def test_a_name_used_twice_is_refused():
    alerting = Alerting([rule()])
    with pytest.raises(ValueError, match="duplicate alert rule 'r'"):
        alerting.add_rule(rule())


def test_default_rules_whose_name_is_taken_are_all_refused():
    alerting = Alerting([rule(name="critical_error_rate")])
    with pytest.raises(ValueError, match="duplicate alert rule 'critical_error_rate'"):
        alerting.add_default_rules()
    assert [r.name for r in alerting.rules] == ["critical_error_rate"]


def test_threads_may_add_rules_while_others_check():
    alerting = Alerting()

    def work(thread):
        for number in range(100):
            alerting.add_rule(rule(name=f"{thread}-{number}"))
            assert alerting.check_metrics({"error_rate": 1.0})

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(alerting.check_metrics({"error_rate": 1.0})) == 400


@pytest.mark.parametrize(
    "broken",
    [
        {"comparison": "above"},
        {"threshold": math.nan},
        {"threshold": math.inf},
        {"threshold": "5%"},
        {"name": ""},
        {"metric_name": ""},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(broken):
    with pytest.raises(ValueError, match="rule"):
        rule(**broken)
