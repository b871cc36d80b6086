"""From measured minutes to notifications: one per fire and one per resolve, however often it is evaluated."""

import math

import pytest
from alerting_helpers import RULE

from aurora_cli.sla_report.backtest import History, backtest
from aurora_cli.sla_report.incidents import find_incidents
from aurora_cli.sla_report.timeline import build_timeline
from aurora_core.alerting.evaluator import ORPHANED_S
from aurora_core.alerting.rules import AlertRule, AlertSeverity
from aurora_core.alerting.state import DEFAULT_RULE_CONFIGS, RuleConfig
from aurora_core.errors import StoreError
from aurora_core.secrets import Masker
from aurora_core.store import MetricsStore

LASTING = AlertRule("a lasting one", "success_rate", 0.9, "lt", AlertSeverity.WARNING)


def drain(store, channel="team"):
    """All messages of a channel: ``(event, rule)``."""
    messages = []
    while (message := store.claim(channel, 1e12, 2e12)) is not None:
        store.mark_delivered(message, 0.0)
        messages.append((message.notification.event, message.notification.rule))
    return messages


def test_fire_and_resolve_are_notified_once(store, build_evaluator, measure, clock):
    evaluator = build_evaluator()
    for bad in [False, True, True, True, *[False] * 9]:
        measure(bad)
        evaluator.evaluate(clock.wall())
        evaluator.evaluate(clock.wall() + 1)
    assert drain(store) == [("fire", RULE.name), ("resolve", RULE.name)]


def test_rule_that_flaps_for_an_hour_fires_and_resolves_once(store, build_evaluator, measure, clock):
    evaluator = build_evaluator(
        RuleConfig(RULE, window_s=60.0, keep_firing_for_s=DEFAULT_RULE_CONFIGS[0].keep_firing_for_s)
    )
    for minute in range(60):
        measure(minute % 2 == 0)
        evaluator.evaluate(clock.wall())
    for _ in range(10):
        measure(False)
        evaluator.evaluate(clock.wall())
    assert drain(store) == [("fire", RULE.name), ("resolve", RULE.name)]


def test_restarts_and_concurrent_processes_repeat_nothing(path, store, build_evaluator, measure, clock):
    for bad in [True, True, *[False] * 9]:
        measure(bad)
        for _ in range(3):  # three workers that have just started
            build_evaluator(of=MetricsStore(path).alert_store()).evaluate(clock.wall())
    assert drain(store) == [("fire", RULE.name), ("resolve", RULE.name)]


def test_fire_and_resolve_have_one_key_and_the_same_channels(store, build_evaluator, measure, clock):
    measure(True)
    (fired,) = build_evaluator(channels=("team", "oncall")).evaluate(clock.wall()).notifications
    for _ in range(9):
        measure(False)
    after = build_evaluator(channels=("other",)).evaluate(clock.wall())
    (resolved,) = after.notifications
    assert (fired.event, resolved.event) == ("fire", "resolve")
    assert resolved.key == fired.key
    for channel in ("team", "oncall"):
        assert drain(store, channel) == [("fire", RULE.name), ("resolve", RULE.name)]
    assert drain(store, "other") == []


def test_rule_waits_before_it_fires_and_resolves(store, build_evaluator, measure, clock):
    evaluator = build_evaluator(RuleConfig(RULE, window_s=60.0, for_s=120.0, keep_firing_for_s=120.0))
    states = []
    for bad in [True, True, True, False, False, False, False]:
        measure(bad)
        (result,) = evaluator.evaluate(clock.wall()).results
        states.append((result.state.status, math.isinf(result.since_s)))
    # The window at a minute's end holds this minute and the next one, which is empty.
    assert [status for status, _ in states] == [
        "pending", "pending", "firing", "recovering", "recovering", "ok", "ok",
    ]  # fmt: skip
    assert [endless for _, endless in states] == [False] * 5 + [True] * 2
    assert drain(store) == [("fire", RULE.name), ("resolve", RULE.name)]


def test_too_few_calls_fire_nothing(build_evaluator, measure, clock):
    measure(True)
    assert build_evaluator(RuleConfig(RULE, minimum_calls=11)).evaluate(clock.wall()).notifications == []
    assert len(build_evaluator(RuleConfig(RULE, minimum_calls=10)).evaluate(clock.wall()).notifications) == 1


def test_absence_of_data_does_not_resolve(store, build_evaluator, measure, clock):
    evaluator = build_evaluator()
    measure(True)
    assert evaluator.evaluate(clock.wall()).measured
    for _ in range(30):
        measure(None)
        evaluation = evaluator.evaluate(clock.wall())
    (result,) = evaluation.results
    assert (result.state.status, evaluation.measured) == ("firing", False)
    assert math.isnan(result.value)
    assert drain(store) == [("fire", RULE.name)]


def test_removed_rule_is_resolved_after_no_process_evaluates_it(build_evaluator, measure, clock):
    other = AlertRule("other", "error_rate", 0.5, "lt", AlertSeverity.INFO)
    measure(True)
    build_evaluator().evaluate(clock.wall())
    clock.advance(ORPHANED_S - 1)
    newer = build_evaluator(RuleConfig(other))  # a new version beside the old one
    assert newer.evaluate(clock.wall()).notifications == []
    clock.advance(1)
    (resolved,) = newer.evaluate(clock.wall()).notifications
    assert (resolved.event, resolved.rule, math.isnan(resolved.value)) == ("resolve", RULE.name, True)
    assert newer.evaluate(clock.wall()).notifications == []


def test_burn_rate_is_a_metric(build_evaluator, measure, clock):
    burning = AlertRule("burning", "burn_rate", 14.4, "gt", AlertSeverity.CRITICAL)
    measure(True)
    evaluation = build_evaluator(RuleConfig(burning)).evaluate(clock.wall())
    assert evaluation.results[0].value == pytest.approx(1000.0)
    assert [notification.rule for notification in evaluation.notifications] == ["burning"]


def test_secret_of_the_settings_is_in_no_notification(build_evaluator, measure, clock):
    rule = AlertRule("leaky", "error_rate", 0.05, "gt", AlertSeverity.INFO, "see https://x/hunter2hunter2")
    measure(True)
    evaluator = build_evaluator(RuleConfig(rule), masker=Masker(["hunter2hunter2"]))
    (notification,) = evaluator.evaluate(clock.wall()).notifications
    assert "hunter2" not in notification.to_json()


def test_failing_store_changes_nothing(build_evaluator, measure, clock, monkeypatch):
    measure(True)
    evaluator = build_evaluator()
    with monkeypatch.context() as broken:
        broken.setattr("aurora_core.store.metrics.outbox.rows.between", fails)
        with pytest.raises(StoreError):
            evaluator.evaluate(clock.wall())
    assert len(evaluator.evaluate(clock.wall()).notifications) == 1


def fails(*_):
    raise StoreError("the disk failed")


def test_notifications_agree_with_the_backtest_of_the_same_hours(
    path, store, build_evaluator, measure, clock
):
    """Two paths: an evaluation at each minute as it passes, and the tool's backtest."""
    configs = [
        RuleConfig(RULE, keep_firing_for_s=300.0),
        RuleConfig(LASTING, window_s=600.0, for_s=180.0, minimum_calls=30, keep_firing_for_s=60.0),
    ]
    evaluator = build_evaluator(*configs)
    pattern = ([False] * 7 + [True] * 2 + [False] * 30 + [None] * 9 + [True] * 5 + [False] * 40) * 2
    for bad in pattern:
        measure(bad)
        evaluator.evaluate(clock.wall())
    messages = drain(store)
    slices = [piece for piece in MetricsStore(path).read(0, 2**40) if piece.start_s < clock.wall()]
    line = build_timeline(slices)
    past = History(slices, line, find_incidents(line, 0.05), int(clock.wall()))
    found = backtest(past, configs, 0.999, 30 * 86_400.0)[: len(configs)]
    assert {each.alert: each.fired for each in found} == {
        config.rule.name: messages.count(("fire", config.rule.name)) for config in configs
    }
    assert [messages.count(("fire", config.rule.name)) for config in configs] == [4, 4]
