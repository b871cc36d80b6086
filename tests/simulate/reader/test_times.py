from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_cli.simulate.reader import BadOption, ReadOptions, TooManyBadLines, duckdb_utils, read
from aurora_cli.simulate.reader.timestamps import TimestampFormat, nanoseconds_sql, recognise

YEARS = (datetime.fromisoformat("1971-01-01"), datetime.fromisoformat("2090-01-01"))
TEN = 1_766_484_000_000_000_000  # 2025-12-23 10:00:00 UTC in nanoseconds


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    with duckdb_utils.connect(tmp_path_factory.mktemp("spill")) as connection:
        yield connection


def nanoseconds(connection, text, unit):
    sql = f"SELECT {nanoseconds_sql('raw', TimestampFormat(unit))} FROM (SELECT ?::VARCHAR AS raw)"
    return connection.execute(sql, [text]).fetchall()[0][0]


@pytest.mark.parametrize(
    ("text", "after_ten"),
    [
        ("2025-12-23 10:00:00", 0),
        ("2025-12-23T10:00:00", 0),
        ("2025-12-23T10:00:00Z", 0),
        ("2025-12-23 10:00:00 UTC", 0),
        ("2025-12-23 10:00:00,123", 123_000_000),
        ("2025-12-23 10:00:00.5", 500_000_000),
        ("2025-12-23 10:00:00.123456", 123_456_000),
        ("2025-12-23T10:00:00.1234567Z", 123_456_700),
        ("2025-12-23 10:00:00,123456789", 123_456_789),
        ("2025-12-23T12:00:00+02:00", 0),
        ("2025-12-23T12:00:00.123456789+02:00", 123_456_789),
        ("2025-12-23 12:00:00,123 +0200", 123_000_000),
        ("2025-12-23T04:30:00-05:30", 0),
        ("2025-12-23T04:30-0530", 0),
        ("2025-12-23 05:00:00.25 -05", 250_000_000),
        ("2025-12-23", -36_000_000_000_000),
    ],
)
def test_an_iso_time_is_exact_to_the_nanosecond_and_its_offset_counts(connection, text, after_ten):
    assert nanoseconds(connection, text, "iso") == TEN + after_ten


@pytest.mark.parametrize(
    "text", ["soon", "", "2025-13-01", "2025-12-23 10:61", "10:00", "12", "3000-01-01", None]
)
def test_what_is_no_time_is_none(connection, text):
    value = nanoseconds(connection, text, "iso")
    assert value is None or abs(value) > 4e18


@settings(max_examples=60, deadline=None)
@given(st.datetimes(*YEARS), st.sampled_from(" T"), st.sampled_from(".,"))
def test_python_and_the_reader_agree_on_any_iso_time(moment, between, point):
    whole = moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    expected = ((whole.days * 86400 + whole.seconds) * 10**6 + whole.microseconds) * 1000
    sql = f"SELECT {nanoseconds_sql('raw', TimestampFormat('iso'))} FROM (SELECT ?::VARCHAR AS raw)"
    text = moment.isoformat(between).replace(".", point)
    with duckdb_utils.connect("unused") as connection:
        assert connection.execute(sql, [text]).fetchall()[0][0] == expected


@pytest.mark.parametrize(
    ("unit", "text", "expected"),
    [
        ("s", "1766484000", TEN),
        ("s", "1766484000.123456789", TEN + 123_456_789),
        ("s", "1.766484e9", TEN),
        ("ms", "1766484000123", TEN + 123_000_000),
        ("ms", "1766484000123.25", TEN + 123_250_000),
        ("us", "1766484000123456", TEN + 123_456_000),
        ("ns", "1766484000123456789", TEN + 123_456_789),
        ("start-ms", "27482", 27_482_000_000),
        ("start-s", "0.1", 100_000_000),
        ("s", "nan", None),
        ("s", "inf", None),
        ("s", "1e300", None),
        ("s", "99999999999999999", None),
        ("ns", "a", None),
    ],
)
def test_a_number_is_exact_in_each_unit(connection, unit, text, expected):
    assert nanoseconds(connection, text, unit) == expected


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        (["1766484000"], "s"),
        (["1766484000.5"], "s"),
        (["1766484000123"], "ms"),
        (["1766484000123456"], "us"),
        (["1766484000123456789"], "ns"),
        (["0", "5", "31536000"], "start-s"),
        (["0", "1766484000123", "1766484000124"], "ms"),
        (["bad", "2025-01-01"], "iso"),
    ],
)
def test_the_unit_is_told_by_the_size_of_the_values(values, unit):
    assert recognise(values, None).unit == unit


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["2025-01-01 00:00:00"], "ISO 8601 without a zone, read as UTC"),
        (["2025-01-01T00:00:00Z"], "ISO 8601"),
        (["2025-01-01T00:00:00+02:00"], "ISO 8601"),
        (["1766484000123"], "epoch, milliseconds"),
        (["3"], "seconds from the start of the log"),
    ],
)
def test_the_report_says_the_unit_in_words(values, words):
    assert str(recognise(values, None)) == words


def test_a_stated_unit_wins(write):
    path = write("a.csv", ["time,latency_ms", "0,1", "1500,1"])
    workload, report = read([path], ReadOptions(time_unit="start-ms"))
    assert workload.arrival_s.tolist() == [0.0, 1.5]
    assert report.time == "column `time`, milliseconds from the start of the log"
    with pytest.raises(BadOption, match="`hours` is no unit of time: one of iso, s, ms, us, ns, start-s"):
        read([path], ReadOptions(time_unit="hours"))


def test_milliseconds_since_1970_lose_nothing(write):
    rows = [{"ts": 1766484000000 + step, "latency_ms": 1} for step in range(0, 1000, 7)]
    workload, _ = read([write("a.jsonl", rows)])
    assert workload.arrival_s.tolist() == [step / 1000 for step in range(0, 1000, 7)]
    assert workload.first_arrival == datetime(2025, 12, 23, 10, tzinfo=UTC)


def test_zones_may_change_within_a_log(write):
    times = ["2025-12-23T10:00:00Z", "2025-12-23T12:00:01+02:00", "2025-12-23 10:00:02"]
    workload, _ = read([write("a.jsonl", [{"time": time, "latency_ms": 1} for time in times])])
    assert workload.arrival_s.tolist() == [0.0, 1.0, 2.0]


def test_a_log_whose_times_are_none_gives_no_verdict(write):
    with pytest.raises(TooManyBadLines, match="a value that is no time"):
        read([write("a.csv", ["time,latency_ms", "soon,1", "later,2"])])
