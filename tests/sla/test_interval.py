"""Wilson's interval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.sla.interval import wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_it_is_the_published_one(part, whole, low, high):
    assert wilson(part, whole) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10**6), st.data())
def test_the_share_lies_in_it_and_more_requests_narrow_it(whole, data):
    part = data.draw(st.integers(0, whole))
    low, high = wilson(part, whole)
    assert 0 <= low <= part / whole + 1e-12
    assert part / whole - 1e-12 <= high <= 1
    narrower = wilson(part * 10, whole * 10)
    assert narrower.high - narrower.low < high - low


def test_nothing_says_nothing():
    assert wilson(0, 0) == (0.0, 1.0)
