"""Every figure of the report, counted once more from the calls themselves: in plain SQL, or by NumPy."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sla_report_calls import ASLEEP, BEGAN_S

DAY = "2026-10-25T00:00..2026-10-26T00:00"
WINDOWS = {
    "both days": ("2026-10-24T00:00..2026-10-26T00:00", BEGAN_S, BEGAN_S + 2 * 86_400),
    "the second day": (DAY, BEGAN_S + 86_400, BEGAN_S + 2 * 86_400),
    "an hour of the outage": ("2026-10-24T09:30..2026-10-24T10:30", BEGAN_S + 34_200, BEGAN_S + 37_800),
}
BURN_WINDOWS_S = (300, 1800, 3600, 7200, 21_600, 86_400, 259_200)


@pytest.fixture(params=WINDOWS)
def window(request):
    return WINDOWS[request.param]


@pytest.fixture
def one(recorded):
    """The single value of a query over the calls."""
    return lambda query, *values: recorded[1].execute(query, values).fetchone()[0]


def counts(recorded, column, start_s, end_s):
    query = f"SELECT {column}, count({column}) FROM calls WHERE at_s >= ? AND at_s < ? GROUP BY 1"
    found = dict(tuple(row) for row in recorded[1].execute(query, (start_s, end_s)))
    return {name: times for name, times in found.items() if name is not None}


def latencies(recorded, start_s, end_s):
    query = "SELECT latency_ms FROM calls WHERE at_s >= ? AND at_s < ?"
    return np.array([row[0] for row in recorded[1].execute(query, (start_s, end_s))])


def test_what_was_counted_in_all(answer, recorded, one, window):
    text, *ends = window
    found = answer("--window", text)["summary"]["metrics"]
    of_it = "FROM calls WHERE at_s >= ? AND at_s < ?"
    assert found["query_count"] == one(f"SELECT count(*) {of_it}", *ends)
    assert found["error_rate"] == pytest.approx(one(f"SELECT avg(reason IS NOT NULL) {of_it}", *ends))
    assert found["success_rate"] == pytest.approx(one(f"SELECT avg(reason IS NULL) {of_it}", *ends))
    assert found["avg_latency_ms"] == pytest.approx(one(f"SELECT avg(latency_ms) {of_it}", *ends))
    assert found["within_target_rate"] == pytest.approx(one(f"SELECT avg(latency_ms <= 500) {of_it}", *ends))
    assert found["cache_hit_rate"] == pytest.approx(one(f"SELECT avg(hit) {of_it}", *ends))
    assert found["attempt_count"] == one(f"SELECT sum(attempts) {of_it}", *ends)
    mean = one(f"SELECT sum(attempts_ms) / sum(attempts) {of_it}", *ends)
    assert found["avg_attempt_latency_ms"] == pytest.approx(mean)
    recovery = one(f"SELECT avg(reason IS NULL) {of_it} AND saw_retryable_error", *ends)
    assert found["recovery_rate"] == pytest.approx(recovery)
    assert found["failures_by_reason"] == counts(recorded, "reason", *ends)
    assert found["errors_by_type"] == counts(recorded, "error_type", *ends)


def test_percentiles_are_at_most_one_percent_off_the_exact_ones(answer, recorded, window):
    text, *ends = window
    found = answer("--window", text)["summary"]["metrics"]
    exact = latencies(recorded, *ends)
    for q in (50, 95, 99):
        assert found[f"p{q}_latency_ms"] == pytest.approx(np.percentile(exact, q, method="lower"), rel=0.01)


def test_each_objective_its_bad_requests_and_its_budget(answer, recorded, one, window):
    text, *ends = window
    rows = {row["objective"]: row for row in answer("--window", text)["results"]}
    of_it = "FROM calls WHERE at_s >= ? AND at_s < ?"
    calls = one(f"SELECT count(*) {of_it}", *ends)
    failed = one(f"SELECT count(reason) {of_it}", *ends)
    looked_up, missed = one(f"SELECT count(hit) {of_it}", *ends), one(f"SELECT sum(hit = 0) {of_it}", *ends)
    for name, requests, bad, good_share in (
        ("availability", calls, failed, 0.999),
        ("error_rate", calls, failed, 0.99),
        ("cache_hit_rate", looked_up, missed, 0.3),
    ):
        row = rows[name]
        assert (row["requests"], row["bad"]) == (requests, bad)
        assert row["budget_allowed"] == pytest.approx((1 - good_share) * requests)
        assert row["budget_left"] == pytest.approx((1 - good_share) * requests - bad)
    assert rows["availability"]["value"] == pytest.approx(1 - failed / calls)
    assert rows["error_rate"]["value"] == pytest.approx(failed / calls)
    assert rows["cache_hit_rate"]["value"] == pytest.approx(1 - missed / looked_up)
    slow = rows["p95_latency"]
    exact = latencies(recorded, *ends)
    assert np.count_nonzero(exact > 505) <= slow["bad"] <= np.count_nonzero(exact > 495)
    assert slow["budget_allowed"] == pytest.approx(0.05 * calls)
    assert slow["value"] == pytest.approx(np.percentile(exact, 95, method="lower"), rel=0.01)


def test_the_window_before_is_counted_alike(answer, one):
    rows = {row["objective"]: row for row in answer("--window", DAY)["results"]}
    first_day = (BEGAN_S, BEGAN_S + 86_400)
    query = "SELECT avg(reason IS NULL) FROM calls WHERE at_s >= ? AND at_s < ?"
    assert rows["availability"]["previous"] == pytest.approx(one(query, *first_day))


def test_burn_rates_are_error_rates_over_what_the_target_allows(answer, one, window):
    text, _, end_s = window
    found = answer("--window", text)["summary"]
    for seconds in BURN_WINDOWS_S:
        query = "SELECT avg(reason IS NOT NULL) / 0.001 FROM calls WHERE at_s >= ? AND at_s < ?"
        assert found["burn_rates"][str(seconds)] == pytest.approx(one(query, end_s - seconds, end_s))
    for alert in found["burn_alerts"]:
        rates = [found["burn_rates"][f"{alert[window]:.0f}"] for window in ("long_s", "short_s")]
        assert alert["firing"] == all(rate >= alert["threshold"] for rate in rates)


def test_incidents_are_minutes_above_the_alert_threshold_joined_over_five_quiet_ones(answer, recorded):
    query = "SELECT at_s - at_s % 60, count(*), count(reason) FROM calls GROUP BY 1 ORDER BY 1"
    bad = [
        (int(at_s) // 60 * 60, failed, failed / calls) for at_s, calls, failed in recorded[1].execute(query)
    ]
    expected = []
    for start_s, failed, rate in (minute for minute in bad if minute[2] > 0.05):
        if expected and start_s - expected[-1][1] <= 300:
            first, _, worst, lost = expected.pop()
            expected.append((first, start_s + 60, max(worst, rate), lost + failed))
        else:
            expected.append((start_s, start_s + 60, rate, failed))
    expected = [incident for incident in expected if incident[3] >= 3]
    found = answer("--window", WINDOWS["both days"][0])["summary"]["incidents"]
    assert [
        (
            datetime.fromisoformat(each["from"]).timestamp(),
            datetime.fromisoformat(each["to"]).timestamp(),
            pytest.approx(each["worst_error_rate"]),
            each["calls_lost"],
        )
        for each in found
    ] == expected
    assert any(
        incident[0] <= BEGAN_S + 60 * 602 and incident[1] >= BEGAN_S + 60 * 620 for incident in expected
    )


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu"])
@pytest.mark.parametrize("by", ["hour", "day", "model", "source"])
def test_groups_are_those_of_the_calls(answer, recorded, by, zone):
    found = answer("--window", WINDOWS["both days"][0], "--group-by", by, "--tz", zone)["summary"]["groups"]
    local = ZoneInfo(zone)
    forms = {"hour": "%Y-%m-%d %H:00", "day": "%Y-%m-%d"}
    # The window is told in the zone, too: its first and last second are not those of UTC.
    start_s, end_s = (datetime(2026, 10, day, tzinfo=local).astimezone(UTC).timestamp() for day in (24, 26))
    expected = {}
    for row in recorded[1].execute("SELECT * FROM calls WHERE at_s >= ? AND at_s < ?", (start_s, end_s)):
        moment = datetime.fromtimestamp(row["at_s"], local)
        name = moment.strftime(forms[by]) if by in forms else row[by]
        name += " again" if by == "hour" and moment.fold else ""
        calls, failed = expected.get(name, (0, 0))
        expected[name] = (calls + 1, failed + (row["reason"] is not None))
    counted = {
        group["name"]: (group["metrics"]["query_count"], sum(group["metrics"]["failures_by_reason"].values()))
        for group in found
    }
    assert {name: count for name, count in counted.items() if count[0]} == expected
    assert list(counted) == sorted(counted)


def test_the_worst_hours_lost_most_calls(answer, recorded):
    query = "SELECT cast(at_s / 3600 AS INTEGER), count(reason) FROM calls GROUP BY 1 ORDER BY 2 DESC LIMIT 2"
    worst = [
        (datetime.fromtimestamp(hour * 3600, UTC).strftime("%Y-%m-%d %H:00"), failed)
        for hour, failed in recorded[1].execute(query)
    ]
    found = answer("--window", WINDOWS["both days"][0])["summary"]["worst_hours"]
    assert [
        (each["name"], sum(each["metrics"]["failures_by_reason"].values())) for each in found[:2]
    ] == worst
    assert len(found) == 5


def test_a_minute_is_measured_once_however_many_processes_lived_through_it(answer, one):
    summary = answer("--window", WINDOWS["both days"][0])["summary"]
    lived = one("SELECT count(DISTINCT minute_s) FROM lived")
    assert summary["measured_minutes"] == lived == 2880 - (ASLEEP[1] - ASLEEP[0])
    assert summary["window"]["minutes"] == 2880
    assert summary["coverage"] == pytest.approx(lived / 2880)


def test_availability_by_minutes_counts_good_ones(report, recorded, tmp_path, one):
    (tmp_path / "aurora.toml").write_text('[sla]\navailability_by = "minutes"\n')
    arguments = (
        "--config",
        tmp_path / "aurora.toml",
        "--window",
        WINDOWS["both days"][0],
        "--format",
        "json",
    )
    row = json.loads(report(*arguments)[1])["results"][0]
    query = (
        "SELECT count(*) FROM (SELECT 1 FROM calls GROUP BY cast(at_s / 60 AS INTEGER) "
        "HAVING avg(reason IS NOT NULL) > 0.01)"
    )
    lived, bad = one("SELECT count(DISTINCT minute_s) FROM lived"), one(query)
    assert (row["basis"], row["requests"], row["bad"]) == ("minutes", lived, bad)
    assert row["value"] == pytest.approx(1 - bad / lived)
