"""The stretch of time that a report is of."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cli.exit_codes import UsageError
from aurora_cli.sla_report.period import parse_period, parse_span, parse_zone

BERLIN, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
NOW = datetime(2026, 11, 23, 17, 31, 42, tzinfo=UTC)


def ends(text, zone=UTC_ZONE, now=NOW):
    found = parse_period(text, zone, now)
    return found.start.isoformat(timespec="minutes"), found.end.isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("24h", "2026-11-22T17:31+00:00", "2026-11-23T17:31+00:00"),
        ("90m", "2026-11-23T16:01+00:00", "2026-11-23T17:31+00:00"),
        ("7d", "2026-11-16T17:31+00:00", "2026-11-23T17:31+00:00"),
        ("30d", "2026-10-24T17:31+00:00", "2026-11-23T17:31+00:00"),
        ("2026-10", "2026-10-01T00:00+00:00", "2026-11-01T00:00+00:00"),
        ("2025-12", "2025-12-01T00:00+00:00", "2026-01-01T00:00+00:00"),
        ("2026-11-22", "2026-11-22T00:00+00:00", "2026-11-23T00:00+00:00"),
        ("2026-10-01..2026-10-08", "2026-10-01T00:00+00:00", "2026-10-08T00:00+00:00"),
        ("2026-10-01T08:30..2026-10-01T09:00", "2026-10-01T08:30+00:00", "2026-10-01T09:00+00:00"),
        ("2026-10-01T08:30+02:00..2026-10-02", "2026-10-01T06:30+00:00", "2026-10-02T00:00+00:00"),
    ],
)
def test_a_window_is_half_open_and_in_whole_minutes(text, start, end):
    assert ends(text) == (start, end)


def test_days_and_months_are_those_of_the_zone():
    assert ends("2026-10", BERLIN) == ("2026-09-30T22:00+00:00", "2026-10-31T23:00+00:00")
    assert ends("2026-11-22", BERLIN) == ("2026-11-21T23:00+00:00", "2026-11-22T23:00+00:00")


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-10-26", 24)])
def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is(day, hours):
    assert parse_period(day, BERLIN, NOW).length_s == hours * 3600


def test_a_window_that_is_not_over_yet_ends_now_and_says_what_was_wished():
    found = parse_period("2026-11", UTC_ZONE, NOW)
    assert found.end == datetime(2026, 11, 23, 17, 31, tzinfo=UTC)
    assert found.requested_end == datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-10-08..2026-10-01", "ends before it begins"),
        ("2026-10-08..2026-10-08", "is empty"),
        ("0h", "is empty"),
        ("2026-12", "is in the future"),
        ("2027-01-01..2027-02-01", "is in the future"),
        ("2026-13", "no such month"),
        ("0000-01", "no such month"),
        ("0001-01", "outside the calendar"),
        ("9999-12", "no such month"),
        ("9999-12-31", "expected 24h"),
        ("yesterday", "expected 24h"),
        ("2026-10-01..soon", "invalid date 'soon': expected ISO 8601"),
        ("..", "invalid date ''"),
        ("99999999999d", "longer than ten years"),
        ("1990-01-01..2026-01-01", "longer than ten years"),
        ("0001-01-01..2026-01-01", "invalid date"),
    ],
)
def test_a_window_that_cannot_be_is_refused_with_the_reason(text, reason):
    with pytest.raises(UsageError, match=reason):
        parse_period(text, BERLIN, NOW)


def test_the_window_before_is_as_long_and_ends_where_this_one_begins():
    found = parse_period("7d", UTC_ZONE, NOW)
    before = found.before()
    assert (before.end, before.length_s) == (found.start, found.length_s)


@given(st.text(max_size=30))
def test_whatever_is_written_is_a_window_or_refused(text):
    try:
        found = parse_period(text, BERLIN, NOW)
    except UsageError:
        return
    assert found.start < found.end <= NOW


@given(st.datetimes(NOW.replace(tzinfo=None, year=2000), NOW.replace(tzinfo=None)), st.integers(1, 10**5))
def test_a_stretch_is_read_as_it_is_written(start, minutes):
    start = start.replace(second=0, microsecond=0, tzinfo=UTC)
    end = start + timedelta(minutes=minutes)
    assert parse_span(f"{start.isoformat()}..{end.isoformat()}", BERLIN) == (start, end)


@pytest.mark.parametrize("text", ["2026-10-01", "2026-10-02..2026-10-01", "a..b"])
def test_a_stretch_that_is_none_is_refused(text):
    with pytest.raises(UsageError):
        parse_span(text, UTC_ZONE)


def test_a_zone_that_is_not_there_is_refused():
    assert parse_zone("Europe/Berlin") == BERLIN
    for name in ("Europe/Berlim", "", "../etc/passwd", "\0"):
        with pytest.raises(UsageError, match="no such time zone"):
            parse_zone(name)
