"""What a provider asks to wait."""

import math
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resilience_doubles import ProviderError

from aurora_core.resilience.retry_after import retry_after_of

NOW = datetime(2025, 12, 23, 9, 0, tzinfo=UTC)
WALL = NOW.timestamp()
NONSENSE = ["nan", "inf", "-inf", "-5", "", " ", "soon", "1e999", "0", "Tue, 99 Foo 2025"]


@pytest.mark.parametrize("value", [*NONSENSE, math.nan, math.inf, -5, 0, None, [], object()])
def test_a_nonsensical_retry_after_on_the_error_counts_as_absent(value):
    assert retry_after_of(ProviderError(429, retry_after=value), WALL) == 0


@pytest.mark.parametrize("header", ["retry-after", "Retry-After", "retry-after-ms"])
@pytest.mark.parametrize("value", NONSENSE)
def test_a_nonsensical_header_counts_as_absent(header, value):
    assert retry_after_of(ProviderError(429, headers={header: value}), WALL) == 0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"Retry-After": "2.5"}, 2.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "nonsense", "retry-after": "9"}, 9.0),
        ({"Retry-After": format_datetime(NOW + timedelta(seconds=90), usegmt=True)}, 90.0),
        ({"Retry-After": format_datetime(NOW - timedelta(seconds=90), usegmt=True)}, 0.0),
        ({"other": "1"}, 0.0),
    ],
)
def test_milliseconds_seconds_and_dates_are_read_from_the_headers(headers, seconds):
    assert retry_after_of(ProviderError(429, headers=headers), WALL) == pytest.approx(seconds)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize(
    "date",
    [
        "Tue, 23 Dec 2025 09:01:30 GMT",
        "Tuesday, 23-Dec-25 09:01:30 GMT",
        "Tue Dec 23 09:01:30 2025",
        "Tue, 23 Dec 2025 09:01:30 -0000",
        "Tue, 23 Dec 2025 10:01:30 +0100",
    ],
)
def test_all_three_forms_of_an_http_date_mean_utc_wherever_the_machine_stands(monkeypatch, zone, date):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert retry_after_of(ProviderError(429, headers={"retry-after": date}), WALL) == 90
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_errors_own_retry_after_wins_over_its_headers():
    assert retry_after_of(ProviderError(429, retry_after=3, headers={"retry-after": "9"}), WALL) == 3


def test_an_error_without_any_asks_for_nothing():
    assert retry_after_of(ValueError(), WALL) == 0
    assert retry_after_of(ProviderError(429, headers="no mapping"), WALL) == 0


@given(st.text() | st.floats() | st.integers() | st.binary())
def test_whatever_stands_there_the_wait_is_a_finite_number_of_at_least_0(value):
    for error in (ProviderError(429, retry_after=value), ProviderError(429, headers={"retry-after": value})):
        assert 0 <= retry_after_of(error, WALL) < math.inf
