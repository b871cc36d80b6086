"""The histogram against NumPy's exact percentiles."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.metrics.histogram import Histogram

latencies = st.lists(st.floats(0.001, 1e7), min_size=1, max_size=300)
QUANTILES = (0.0, 0.5, 0.9, 0.95, 0.99, 1.0)


def histogram(values):
    filled = Histogram()
    for value in values:
        filled.record(value)
    return filled


@given(latencies, st.sampled_from(QUANTILES))
def test_a_quantile_is_at_most_one_percent_off(values, q):
    exact = np.quantile(values, q, method="lower")
    assert histogram(values).quantile(q) == pytest.approx(exact, rel=0.01 + 1e-9)


@given(latencies, latencies)
def test_merging_is_recording_all_in_one(one, other):
    merged = histogram(one)
    merged.merge(histogram(other))
    whole = histogram(one + other)
    assert merged.buckets == whole.buckets
    assert merged.count == len(one) + len(other)
    assert merged.mean() == pytest.approx(np.mean(one + other))
    assert (merged.smallest, merged.largest) == (min(one + other), max(one + other))
    assert [merged.quantile(q) for q in QUANTILES] == [whole.quantile(q) for q in QUANTILES]


@given(latencies, st.sampled_from(QUANTILES))
def test_a_quantile_lies_between_the_smallest_and_the_largest_value(values, q):
    assert min(values) <= histogram(values).quantile(q) <= max(values)


@given(st.floats(0, 1e7), st.integers(1, 5), st.sampled_from(QUANTILES))
def test_equal_values_come_back_exactly(value, times, q):
    assert histogram([value] * times).quantile(q) == value


def test_percentiles_of_parts_are_merged_by_addition_and_never_averaged():
    fast, slow = histogram([1.0] * 99), histogram([1000.0])
    fast.merge(slow)
    assert fast.quantile(0.5) == pytest.approx(1.0, rel=0.01)
    assert fast.quantile(1.0) == pytest.approx(1000.0, rel=0.01)


def test_an_empty_histogram_knows_nothing():
    assert math.isnan(Histogram().quantile(0.5))
    assert math.isnan(Histogram().mean())


def test_nothing_takes_no_time():
    assert histogram([0.0, 0.0, 5.0]).quantile(0.5) == 0.0
