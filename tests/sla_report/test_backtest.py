"""What the alerts would have done, against an evaluation of every minute on its own."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sla_report_calls import BEGAN_S

from aurora_cli.exit_codes import UsageError
from aurora_cli.rule_evaluation import compute_metric
from aurora_cli.sla_report.backtest import History, backtest
from aurora_cli.sla_report.evaluations import MinuteWindows, replay_rules
from aurora_cli.sla_report.incidents import find_incidents
from aurora_cli.sla_report.timeline import build_timeline
from aurora_core.alerting import AlertRule, AlertSeverity
from aurora_core.alerting.state import FiringPeriod, RuleConfig, replay
from aurora_core.alerting.window_metrics import window_metrics
from aurora_core.metrics import Rollup
from aurora_core.metrics.counters import WATCHABLE_METRICS
from aurora_core.metrics.rollup_row import to_row

MONTH_S = 30 * 86_400


def rollup(calls, failed, latency_ms=100.0):
    made = Rollup()
    for number in range(calls):
        made.latency.record(latency_ms)
        made.within_target += 1
        if number < failed:
            made.failures["retries_exhausted"] = number + 1
    return made


def past(minutes, length_s=60):
    """Slices of minutes given as ``(calls, failed)`` or None, and what is found in them."""
    slices = [
        to_row(BEGAN_S + length_s * place, length_s, "host:1", "", 1, rollup(*minute))
        for place, minute in enumerate(minutes)
        if minute is not None
    ]
    line = build_timeline(slices)
    return History(slices, line, find_incidents(line, 0.05), BEGAN_S + length_s * len(minutes))


def configure(metric="error_rate", threshold=0.05, comparison="gt", **settings):
    return RuleConfig(AlertRule("rule", metric, threshold, comparison, AlertSeverity.WARNING), **settings)


def tried(minutes, *configs):
    return backtest(past(minutes), configs, 0.999, MONTH_S)[: len(configs)]


GOOD, BAD = (100, 0), (100, 50)


def test_it_fires_in_the_first_bad_minute_and_until_the_window_is_clear():
    (result,) = tried([GOOD] * 10 + [BAD] * 3 + [GOOD] * 20, configure())
    assert (result.fired, result.flaps) == (1, 0)
    # Bad minutes 11 to 13; the last of them leaves the five minutes at the end of minute 18.
    assert result.firing_minutes == 18 - 11
    assert (result.incidents, result.detect_minutes) == (1, [1])


def test_waiting_makes_it_later_and_who_waits_longer_than_it_lasts_sees_nothing():
    minutes = [GOOD] * 10 + [BAD] * 3 + [GOOD] * 20
    assert tried(minutes, configure(for_s=120))[0].detect_minutes == [3]
    (missed,) = tried(minutes, configure(for_s=1200))
    assert (missed.fired, missed.incidents, missed.detect_minutes) == (0, 1, [])


def test_a_flap_is_a_fire_within_an_hour_of_a_resolve():
    assert tried([BAD, *[GOOD] * 30, BAD, *[GOOD] * 10], configure())[0].flaps == 1
    assert tried([BAD, *[GOOD] * 90, BAD, *[GOOD] * 10], configure())[0].flaps == 0


def test_too_few_calls_are_silent():
    minutes = [(3, 3)] * 5
    assert tried(minutes, configure())[0].fired == 1
    assert tried(minutes, configure(minimum_calls=100))[0].fired == 0


def test_a_gap_fires_nothing_and_is_no_sign_that_all_is_well():
    (result,) = tried([None] * 3 + [BAD] * 3 + [None] * 60 + [GOOD] * 9, configure("error_rate", 0.1))
    # Nobody measured for an hour: it fires until the first good minute is seen.
    assert (result.fired, result.firing_minutes) == (1, 1 + 2 + 60)
    assert tried([None] * 9, configure("error_rate", 0.6, "lt")) == []


def test_minutes_without_calls_are_measured_and_clear_a_rule():
    (result,) = tried([BAD] * 3 + [(0, 0)] * 60, configure("error_rate", 0.1))
    assert (result.fired, result.firing_minutes) == (1, 7)


def test_a_rule_may_watch_the_burn_rate():
    minutes = [GOOD] * 5 + [(100, 2)] * 5
    assert tried(minutes, configure("burn_rate", 14.4))[0].fired == 1  # 2 % of 0.1 %
    assert tried(minutes, configure("burn_rate", 20.0))[0].fired == 0


def test_a_rule_that_watches_no_errors_sees_no_incidents():
    (result,) = tried([BAD] * 3, configure("p95_latency_ms", 50))
    assert (result.fired, result.detect_minutes) == (1, None)


def test_the_workbooks_alerts_are_tried_too():
    found = backtest(past([GOOD] * 300 + [BAD] * 20 + [GOOD] * 100), [], 0.999, MONTH_S)
    assert [result.alert for result in found] == [
        "burn rate 14.4, page",
        "burn rate 6, page",
        "burn rate 3, ticket",
        "burn rate 1, ticket",
    ]
    page = found[0]
    # 14.4 times 0.1 % of an hour's 6,000 calls are 87 failures: the second bad minute brings them.
    assert (page.fired, page.detect_minutes) == (1, [2])
    assert page.severity == "critical"


def test_what_is_kept_as_hours_is_not_tried():
    assert backtest(past([BAD] * 3, length_s=3600), [configure()], 0.999, MONTH_S) == []


METRICS = [name for name in WATCHABLE_METRICS if name != "query_count"]
MINUTE = st.none() | st.tuples(st.integers(0, 5), st.integers(0, 5), st.floats(0.1, 1e4))


@given(st.lists(MINUTE, min_size=1, max_size=40), st.integers(1, 9))
def test_windows_have_the_metrics_of_their_merged_minutes(minutes, length):
    line = [None if each is None else rollup(each[0], min(each[:2]), each[2]) for each in minutes]
    windows = MinuteWindows(line, length)
    for index in range(len(line)):
        merged = Rollup()
        inside = [each for each in line[max(0, index + 1 - length) : index + 1] if each is not None]
        for each in inside:
            merged.merge(each)
        expected = window_metrics(merged, 0.999)
        assert windows.find_measured()[index] == bool(inside)
        for name in METRICS:
            found = compute_metric(name, windows, 0.999)[index]
            assert found == pytest.approx(expected[name], rel=0, abs=0, nan_ok=True), name


@given(
    st.lists(MINUTE, min_size=1, max_size=60),
    st.sampled_from(METRICS),
    st.sampled_from([0.0, 0.1, 0.5, 1.0, 100.0]),
    st.sampled_from([60.0, 300.0, 1200.0]),
    st.sampled_from([0.0, 120.0]),
    st.sampled_from([0.0, 150.5]),
)
def test_fires_are_those_of_an_evaluation_of_each_minute(minutes, metric, threshold, window_s, for_s, clear):
    config = configure(metric, threshold, window_s=window_s, for_s=for_s, keep_firing_for_s=clear)
    line = [None if each is None else rollup(each[0], min(each[:2]), each[2]) for each in minutes]
    samples = []
    for index in range(len(line)):
        first = max(0, index + 1 - int(window_s // 60))
        inside = [each for each in line[first : index + 1] if each is not None]
        merged = Rollup()
        for each in inside:
            merged.merge(each)
        holds = config.holds(window_metrics(merged, 0.999)) if inside else None
        samples.append((60.0 * (index + 1), holds))
    expected = [
        FiringPeriod(period.start_s, min(period.end_s, samples[-1][0]))
        for period in replay(samples, for_s, clear)
    ]
    totals = {60 * index: total for index, total in enumerate(line) if total is not None}
    assert replay_rules(totals, [config], 0, 60 * len(line), 0.999) == [expected]


def test_a_backtest_without_numpy_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.delitem(sys.modules, "aurora_cli.sla_report.evaluations")
    monkeypatch.delattr("aurora_cli.sla_report.evaluations")
    with pytest.raises(UsageError, match="--backtest-alerts needs numpy, which is not installed"):
        tried([GOOD], configure())


def test_over_real_slices_it_agrees_with_a_look_at_each_minute_in_plain_sql(recorded, answer):
    (error_rate,) = [
        each
        for each in answer("--window", "2026-10-24T00:00..2026-10-26T00:00", "--backtest-alerts")["summary"][
            "backtest"
        ]
        if each["alert"] == "critical_error_rate"
    ]
    query = "SELECT avg(reason IS NOT NULL) FROM calls WHERE at_s >= ? AND at_s < ?"
    held = []
    for minute in range(1, 2881):
        end_s = BEGAN_S + 60 * minute
        rate = recorded[1].execute(query, (end_s - 300, end_s)).fetchone()[0]
        held.append(rate is not None and rate > 0.2)
    # It is resolved once it was clear for five minutes: it fires while it held in one of the last six looks.
    firing = [any(held[max(0, place - 5) : place + 1]) for place in range(len(held))]
    fires = sum(now and not before for before, now in zip([False, *firing], firing, strict=False))
    assert error_rate["fired"] == fires > 0
    assert error_rate["firing_minutes"] == sum(firing)
