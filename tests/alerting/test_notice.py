"""What a message says."""

import math

from hypothesis import given
from hypothesis import strategies as st

from aurora_core.alerting.notice import Notice, fire, lasted, trial
from aurora_core.alerting.rules import Alerting, AlertRule, AlertSeverity

RULE = AlertRule("slow", "p95_latency_ms", 1000, "gt", AlertSeverity.WARNING, "Answers are slow")
FIRE = fire(RULE, 1500.0, 1_795_000_000.0, "host")


def test_a_fire_says_what_alerting_says():
    (alert,) = Alerting([RULE]).check_metrics({"p95_latency_ms": 1500.0})
    assert FIRE.text == alert.message == "Answers are slow (p95_latency_ms is 1500, threshold 1000)"
    assert FIRE.headline == f"FIRING warning: {alert.message}"


def test_a_resolve_says_how_long_it_was_and_has_the_key_of_its_fire():
    resolve = FIRE.resolved(400.0, FIRE.at_s + 3 * 3600 + 300)
    assert (
        resolve.headline == "RESOLVED warning: Answers are slow: over after 3 h 5 min (p95_latency_ms is 400)"
    )
    assert resolve.key == FIRE.key
    assert FIRE.resolved(math.nan, FIRE.at_s).text.endswith("(p95_latency_ms has no data)")


def test_each_fire_has_a_key_of_its_own():
    keys = [
        fire(RULE, 1.0, 1_795_000_000.0 + seconds, place).key for seconds in (0, 60) for place in ("a", "b")
    ]
    assert len(set(keys)) == 4
    assert keys[0] == "slow@a/2026-11-18T11:06:40.000Z"


def test_a_test_says_that_nothing_is_wrong():
    assert trial(0.0, "host").headline == "TEST info: a test of this route; nothing is wrong"


def test_a_time_is_told_as_people_do():
    assert [lasted(seconds) for seconds in (0, 59, 60, 3540, 3600, 90_000)] == [
        "0 s", "59 s", "1 min", "59 min", "1 h 0 min", "25 h 0 min",
    ]  # fmt: skip


@given(st.floats(allow_infinity=False), st.text(), st.floats(0, 4e9))
def test_what_is_kept_is_what_was_told(value, what, at_s):
    notice = FIRE._replace(value=value, what=what, at_s=at_s)
    kept = Notice.from_json(notice.to_json())
    assert repr(kept) == repr(notice)
