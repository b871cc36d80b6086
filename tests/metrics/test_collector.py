"""What the collector counts, on a manual clock."""

import math
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.manual_clock import ManualClock
from aurora_core.metrics import Call, MetricsCollector
from aurora_core.metrics.rollup import ERROR_TYPES

MINUTE = 60.0
DAY = 24 * 60 * MINUTE

GUIDE_KEYS = {
    "query_count",
    "success_rate",
    "error_rate",
    "avg_latency_ms",
    "p50_latency_ms",
    "p95_latency_ms",
    "p99_latency_ms",
    "cache_hit_rate",
    "recovery_rate",
    "attempt_count",
    "errors_by_type",
}


@pytest.fixture
def clock():
    return ManualClock(now=1234.5, wall=1.7e9)


@pytest.fixture
def collector(clock):
    return MetricsCollector(clock=clock)


def call(latency_s=0.2, reason=None, attempts=1, saw_retryable_error=False, error_type=None):
    return Call(latency_s, reason, attempts, 0.1 * attempts, saw_retryable_error, error_type)


@pytest.mark.parametrize("which", ["get_metrics", "get_metrics_last_24h"])
def test_the_guides_keys_are_there(collector, which):
    assert set(getattr(collector, which)()) >= GUIDE_KEYS


def test_what_was_never_measured_is_nan_and_formats_as_the_guide_formats_it(collector):
    metrics = collector.get_metrics()
    assert metrics["query_count"] == 0
    assert f"{metrics['success_rate']:.1%} {metrics['p95_latency_ms']:.1f}ms" == "nan% nanms"
    assert math.isnan(metrics["cache_hit_rate"])
    assert math.isnan(metrics["recovery_rate"])


def test_a_success_and_a_failure_are_counted_with_their_latencies(collector):
    collector.record_query(latency_ms=100, success=True)
    collector.record_query(300, success=False)
    metrics = collector.get_metrics()
    assert (metrics["query_count"], metrics["success_rate"], metrics["error_rate"]) == (2, 0.5, 0.5)
    assert metrics["avg_latency_ms"] == 200


def test_the_calls_within_the_latency_target_are_counted_exactly(collector):
    for latency in (499.999, 500.0, 500.001, 501.0):
        collector.record_query(latency)
    assert collector.get_metrics()["within_target_rate"] == 0.5


def test_a_call_counts_once_and_its_attempts_beside_it(collector):
    collector.record_call(call(attempts=3, saw_retryable_error=True))
    metrics = collector.get_metrics()
    assert (metrics["query_count"], metrics["attempt_count"]) == (1, 3)
    assert metrics["avg_attempt_latency_ms"] == pytest.approx(100)


def test_the_recovery_rate_is_of_the_calls_that_met_a_passing_failure(collector):
    collector.record_call(call())
    collector.record_call(call(saw_retryable_error=True))
    collector.record_call(call(reason="retries_exhausted", saw_retryable_error=True))
    collector.record_call(call(reason="non_retryable"))
    assert collector.get_metrics()["recovery_rate"] == 0.5


@pytest.mark.parametrize("reason", ["retries_exhausted", "non_retryable", "rate_limited", "breaker_open"])
def test_a_failure_has_a_reason(collector, reason):
    collector.record_call(call(reason=reason, error_type="Boom"))
    metrics = collector.get_metrics()
    assert metrics["failures_by_reason"] == {reason: 1}
    assert metrics["errors_by_type"] == {"Boom": 1}


def test_error_types_beyond_a_hundred_names_count_as_other(collector):
    for number in range(ERROR_TYPES + 20):
        collector.record_error(f"Error{number}")
    errors = collector.get_metrics()["errors_by_type"]
    assert errors["other"] == 20
    assert len(errors) == ERROR_TYPES + 1


def test_the_cache_hit_rate_is_hits_by_lookups(collector):
    for hit in (True, False, True, True):
        collector.record_cache_access(hit=hit)
    assert collector.get_metrics()["cache_hit_rate"] == 0.75


@pytest.mark.parametrize("latency", [math.nan, math.inf, -1, None, "fast"])
def test_a_latency_that_is_no_time_is_refused_and_nothing_is_counted(collector, latency):
    with pytest.raises(ValueError, match="latency_ms"):
        collector.record_query(latency)
    assert collector.get_metrics()["query_count"] == 0


@pytest.mark.parametrize("broken", [{"latency_s": -1.0}, {"attempts": -1}, {"attempts_s": math.nan}])
def test_a_call_that_makes_no_sense_is_refused_and_nothing_is_counted(collector, broken):
    with pytest.raises(ValueError, match="at least 0"):
        collector.record_call(call(error_type="Boom")._replace(**broken))
    metrics = collector.get_metrics()
    assert (metrics["query_count"], metrics["attempt_count"], metrics["errors_by_type"]) == (0, 0, {})


def test_a_failure_without_a_reason_counts_as_unspecified(collector):
    collector.record_query(10, success=False)
    assert collector.get_metrics()["failures_by_reason"] == {"unspecified": 1}


def test_a_reader_never_sees_half_a_call(collector):
    """A call and its attempts are counted in one step, whatever another thread asks meanwhile."""
    done = threading.Event()

    def work():
        while not done.is_set():
            collector.record_call(call(attempts=2))

    writers = [threading.Thread(target=work) for _ in range(2)]
    for writer in writers:
        writer.start()
    seen = [collector.get_metrics() for _ in range(300)]
    done.set()
    for writer in writers:
        writer.join()
    assert {metrics["attempt_count"] - 2 * metrics["query_count"] for metrics in seen} == {0}


def test_a_minute_and_all_minutes_give_the_same_figures(clock, collector):
    """RecorderStatus over many minutes is merged by addition."""
    rng = np.random.default_rng(1)
    values = rng.lognormal(5, 1, 500)
    at_once = MetricsCollector(clock=ManualClock())
    for value in values:
        collector.record_query(value)
        at_once.record_query(value)
        clock.advance(17.0)
    spread_out, together = collector.get_metrics(), at_once.get_metrics()
    assert spread_out["p95_latency_ms"] == together["p95_latency_ms"]
    assert spread_out["p95_latency_ms"] == pytest.approx(np.percentile(values, 95, method="lower"), rel=0.01)
    assert spread_out["query_count"] == 500


def test_the_last_24_hours_forget_what_is_older_and_the_total_does_not(clock, collector):
    collector.record_query(10, success=False)
    clock.advance(DAY - MINUTE)
    collector.record_query(20)
    assert collector.get_metrics_last_24h()["query_count"] == 2
    clock.advance(3 * MINUTE)
    last = collector.get_metrics_last_24h()
    assert (last["query_count"], last["error_rate"]) == (1, 0.0)
    assert collector.get_metrics()["query_count"] == 2
    clock.advance(2 * DAY)
    assert collector.get_metrics_last_24h()["query_count"] == 0


@given(st.floats(0, MINUTE, exclude_max=True), st.lists(st.floats(0, 2 * DAY), min_size=1, max_size=30))
def test_the_last_24_hours_are_whole_minutes_half_open_and_the_running_one(start, waits):
    clock = ManualClock(now=start)
    collector = MetricsCollector(clock=clock)
    ended = []
    for wait in waits:
        clock.advance(wait)
        collector.record_query(10)
        ended.append(clock.now())
    first = (clock.now() // MINUTE) * MINUTE - DAY
    counted = collector.get_metrics_last_24h()["query_count"]
    assert counted == sum(moment >= first for moment in ended)
    assert collector.get_metrics()["query_count"] == len(ended)


def test_a_day_of_one_call_a_minute_rolls_on(clock, collector):
    for _ in range(24 * 60 + 1):
        clock.advance(MINUTE)
        collector.record_query(10, success=False)
    for good in range(1, 24 * 60 + 1):
        clock.advance(MINUTE)
        collector.record_query(10)
        if good % 240 == 0:
            last = collector.get_metrics_last_24h()
            assert last["query_count"] == 24 * 60 + 1
            assert last["success_rate"] == pytest.approx(good / (24 * 60 + 1))


def test_memory_does_not_grow_with_the_days(clock, collector):
    for _ in range(3 * 24 * 60):
        collector.record_query(10)
        clock.advance(MINUTE)
    assert len(collector._minutes) <= 24 * 60 + 2


def test_stepping_the_wall_clock_by_an_hour_changes_nothing(clock, collector):
    collector.record_query(10)
    clock.step_wall(3600)
    collector.record_query(10)
    clock.step_wall(-7200)
    assert collector.get_metrics_last_24h()["query_count"] == 2


def test_reset_forgets_everything(collector):
    collector.record_query(10)
    collector.reset()
    assert collector.get_metrics()["query_count"] == 0
    assert collector.get_metrics_last_24h()["query_count"] == 0


def test_threads_lose_nothing(collector):
    def work():
        for _ in range(500):
            collector.record_call(call(reason="retries_exhausted", attempts=2, error_type="Boom"))
            collector.record_cache_access(hit=True)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    metrics = collector.get_metrics()
    assert (metrics["query_count"], metrics["attempt_count"]) == (4000, 8000)
    assert metrics["errors_by_type"] == {"Boom": 4000}


def test_a_latency_target_must_be_positive():
    with pytest.raises(ValueError, match="latency_target_ms"):
        MetricsCollector(0)
