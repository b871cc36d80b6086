"""The guide's daily report."""

import pytest

from aurora_core.manual_clock import ManualClock
from aurora_core.metrics import MetricsCollector
from aurora_core.sla import generate_sla_report
from aurora_core.store import MetricsStore


@pytest.fixture(params=["memory", "store"])
def collector(request, tmp_path):
    store = MetricsStore(tmp_path / "m.db") if request.param == "store" else None
    made = MetricsCollector(store=store, clock=ManualClock(wall=1_790_000_000))
    yield made
    if store is not None:
        made.close()
        store.close()


def test_a_good_day_keeps_the_promise_and_a_share_is_floored(collector):
    for number in range(100_000 // 50):
        collector.record_query(100.0, success=number != 7)
    assert generate_sla_report(collector) == {
        "availability": "99.95 %",
        "p95_latency": "100 ms",
        "error_rate": "0.05 %",
        "sla_met": True,
    }


def test_a_bad_day_breaks_it(collector):
    for number in range(100):
        collector.record_query(900.0, success=number % 10 != 0)
    report = generate_sla_report(collector)
    assert (report["availability"], report["error_rate"], report["sla_met"]) == ("90.00 %", "10.00 %", False)


def test_a_day_without_a_call_is_not_good(collector):
    assert generate_sla_report(collector) == {
        "availability": "no data",
        "p95_latency": "no data",
        "error_rate": "no data",
        "sla_met": False,
    }
