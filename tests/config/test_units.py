"""Durations, sizes and shares as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.config.units import parse_duration, parse_share, parse_size, show_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("60", 60), ("60s", 60), ("60 s", 60), (" 1.5 min ", 90), ("2m", 120), ("1h", 3600), ("7d", 604_800),
        ("1w", 604_800), ("500ms", 0.5), ("250us", 0.00025), (".5s", 0.5), ("1_000", 1000), ("-1s", -1),
    ],
)  # fmt: skip
def test_a_duration_in_seconds(text, seconds):
    assert parse_duration(text, "s") == pytest.approx(seconds, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "ms"), [("100", 100), ("0.3 s", 300), ("5s", 5000), ("1.1s", 1100), ("250ms", 250)]
)
def test_a_duration_in_milliseconds_is_exact(text, ms):
    assert parse_duration(text, "ms") == ms


@pytest.mark.parametrize(
    ("text", "size"),
    [("10", 10), ("10 KiB", 10_240), ("2MB", 2_000_000), ("1.5 KiB", 1536), ("1gib", 2**30), ("7 B", 7)],
)
def test_a_size(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize(
    ("text", "share"), [("99.9%", 0.999), ("0.999", 0.999), ("5 %", 0.05), ("99.95%", 0.9995)]
)
def test_a_share_is_exact(text, share):
    assert parse_share(text) == share


@pytest.mark.parametrize("parse", [lambda text: parse_duration(text, "s"), parse_size, parse_share])
@pytest.mark.parametrize(
    "text", ["", "x", "5 parsecs", "1 2", "--5", "1e5", "nan", "inf", "9" * 400, "5 s s"]
)
def test_what_is_none_is_refused(parse, text):
    with pytest.raises(ValueError, match=r"unit|number"):
        parse(text)


@given(st.integers(0, 10**9))
def test_what_is_shown_reads_back(seconds):
    assert parse_duration(show_duration(float(seconds), "s"), "s") == pytest.approx(seconds, rel=1e-5)
    assert parse_duration(show_duration(float(seconds), "ms"), "ms") == pytest.approx(seconds, rel=1e-5)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (60, "60 s"),
        (120, "2 min"),
        (90, "90 s"),
        (7200, "2 h"),
        (3600, "60 min"),
        (604_800, "7 d"),
        (0.5, "0.5 s"),
    ],
)
def test_the_largest_unit_that_keeps_it_whole_is_shown(seconds, shown):
    assert show_duration(seconds, "s") == shown
