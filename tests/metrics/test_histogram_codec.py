"""Histograms as bytes."""

import math

import numpy as np
import pytest
from ddsketch import DDSketch
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.metrics.histogram import Histogram
from aurora_core.metrics.histogram_codec import decode_sum, encode

VALUES = st.lists(st.floats(0, 1e9), max_size=60)
COUNTS = st.dictionaries(st.integers(-700, 2000), st.integers(1, 2**40), max_size=30)


def histogram(values):
    made = Histogram()
    for value in values:
        made.record(value)
    return made


@given(COUNTS)
def test_what_is_packed_comes_back_whatever_the_counts(counts):
    made = Histogram()
    made.buckets = counts
    assert decode_sum([encode(made)]) == counts


@given(st.lists(VALUES, max_size=6))
def test_adding_packed_ones_is_merging_them(parts):
    whole = Histogram()
    for values in parts:
        whole.merge(histogram(values))
    assert decode_sum(encode(histogram(values)) for values in parts) == whole.buckets


@pytest.mark.parametrize("most", [255, 2**16 - 1, 2**32 - 1, 2**60])
def test_many_of_the_largest_counts_of_a_width_add_up(most):
    parts = []
    for number in range(600):
        made = Histogram()
        made.buckets = {number % 7: most, number % 7 + 1: most - 1}
        parts.append(made)
    whole = Histogram()
    for part in parts:
        whole.merge(part)
    assert decode_sum(encode(part) for part in parts) == whole.buckets


@pytest.mark.parametrize(
    "data", [b"\x01", b"\x03\x00\x00abc", b"\x01\x00\x00", b"\x11\x00\x00nonsense", b"\x02\x00\x00a"]
)
def test_bytes_of_something_else_are_refused(data):
    with pytest.raises(ValueError, match="not a packed histogram"):
        decode_sum([data])


def test_a_minute_of_a_thousand_calls_takes_little_room():
    values = np.random.default_rng(1).lognormal(5.5, 0.5, 1000)
    assert len(encode(histogram(values))) < 130


@pytest.mark.parametrize("q", [0.5, 0.9, 0.95, 0.99])
def test_percentiles_are_at_most_one_percent_off_numpys_and_agree_with_ddsketch(q):
    values = np.random.default_rng(2).lognormal(5.5, 0.7, 20_000)
    whole = Histogram()
    whole.buckets = decode_sum(encode(histogram(part)) for part in np.split(values, 20))
    whole.smallest, whole.largest = values.min(), values.max()
    exact = np.percentile(values, q * 100, method="lower")
    sketch = DDSketch(0.01)
    for value in values:
        sketch.add(value)
    assert whole.quantile(q) == pytest.approx(exact, rel=0.01)
    assert whole.quantile(q) == pytest.approx(sketch.get_quantile_value(q), rel=1e-9)


@given(VALUES.filter(len), st.floats(0, 1))
def test_so_many_values_are_at_most_a_quantile_as_its_rank_says(values, q):
    made = histogram(values)
    assert made.at_most(made.quantile(q)) > math.floor(q * (len(values) - 1))
    assert made.at_most(max(values)) == len(values)
