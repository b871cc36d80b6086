"""The text and the JSON of a notification."""

import math

from hypothesis import given
from hypothesis import strategies as st

from aurora_core.alerting.notification import (
    Notification,
    build_firing_notification,
    build_test_notification,
    format_duration,
)
from aurora_core.alerting.rules import Alerting, AlertRule, AlertSeverity

RULE = AlertRule("slow", "p95_latency_ms", 1000, "gt", AlertSeverity.WARNING, "Answers are slow")
FIRE = build_firing_notification(RULE, 1500.0, 1_795_000_000.0, "host")


def test_fire_has_the_message_of_alerting():
    (alert,) = Alerting([RULE]).check_metrics({"p95_latency_ms": 1500.0})
    assert FIRE.text == alert.message == "Answers are slow (p95_latency_ms is 1500, threshold 1000)"
    assert FIRE.headline == f"FIRING warning: {alert.message}"


def test_resolve_has_the_duration_and_the_key_of_its_fire():
    resolve = FIRE.resolve(400.0, FIRE.at_s + 3 * 3600 + 300)
    assert (
        resolve.headline == "RESOLVED warning: Answers are slow: over after 3 h 5 min (p95_latency_ms is 400)"
    )
    assert resolve.key == FIRE.key
    assert FIRE.resolve(math.nan, FIRE.at_s).text.endswith("(p95_latency_ms has no data)")


def test_keys_of_two_fires_differ():
    keys = [
        build_firing_notification(RULE, 1.0, 1_795_000_000.0 + seconds, host).key
        for seconds in (0, 60)
        for host in ("a", "b")
    ]
    assert len(set(keys)) == 4
    assert keys[0] == "slow@a/2026-11-18T11:06:40.000Z"


def test_test_notification_says_that_nothing_is_wrong():
    assert (
        build_test_notification(0.0, "host").headline == "TEST info: a test of this route; nothing is wrong"
    )


def test_durations_are_short():
    assert [format_duration(seconds) for seconds in (0, 59, 60, 3540, 3600, 90_000)] == [
        "0 s", "59 s", "1 min", "59 min", "1 h 0 min", "25 h 0 min",
    ]  # fmt: skip


@given(st.floats(allow_infinity=False), st.text(), st.floats(0, 4e9))
def test_json_round_trip_keeps_every_field(value, summary, at_s):
    notification = FIRE._replace(value=value, summary=summary, at_s=at_s)
    assert repr(Notification.from_json(notification.to_json())) == repr(notification)
