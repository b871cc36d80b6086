"""Metrics that last: counting with a store beside without, and a report of 30 days in whole processes."""

import random
import statistics
import sys
import tempfile
from pathlib import Path

import prometheus_client
from harness import Row, in_turn, measured, nanoseconds, repeated
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from aurora_core.metrics import MetricsCollector, Rollup
from aurora_core.metrics.rollup_row import to_row
from aurora_core.store import MetricsStore

CALLS = 100_000
ROUNDS = 9
MINUTES = 30 * 24 * 60
RATES = (1, 1000)
MOST_MB = 10

AURORA = [sys.executable, "-c", "from aurora_cli.app import main; main()", "sla-report", "--window", "all"]


def counting(folder):
    """A call counted with a store, its flushes included, beside the same without, and the peers."""
    plain = MetricsCollector()
    with_store = MetricsCollector(store=MetricsStore(folder / "counted.db"))

    def stored():
        repeated(lambda: with_store.record_query(250.0), CALLS)()
        with_store.flush()

    peers = {
        "aurora without a store": lambda: plain.record_query(250.0),
        "prometheus-client's counter and histogram": _prometheus(),
        "OpenTelemetry's counter and histogram": _opentelemetry(),
    }
    rows = [_counted(name, stored, call) for name, call in peers.items()]
    with_store.close()
    return rows


def _counted(name, stored, call):
    pair = in_turn(stored, repeated(call, CALLS), ROUNDS)
    ratio = 1 / pair.times_faster
    own = name.startswith("aurora")
    return Row(
        "`record_query` with a store",
        nanoseconds(pair.ours, CALLS),
        f"{name} {nanoseconds(pair.peer, CALLS)}",
        f"{ratio:.2f}",
        "at most 1.5" if own else "",
        not own or ratio <= 1.5,
    )


def _prometheus():
    registry = prometheus_client.CollectorRegistry()
    counter = prometheus_client.Counter("calls", "calls", registry=registry)
    histogram = prometheus_client.Histogram("latency", "latency", registry=registry)

    def call():
        counter.inc()
        histogram.observe(0.25)

    return call


def _opentelemetry():
    meter = MeterProvider(metric_readers=[InMemoryMetricReader()]).get_meter("aurora")
    counter, histogram = meter.create_counter("calls"), meter.create_histogram("latency")

    def call():
        counter.add(1)
        histogram.record(0.25)

    return call


def write_month(path, rpm):
    """Thirty days of so many calls a minute, of which one in a thousand fails."""
    chance = random.Random(rpm)
    pool = [_minute(chance, rpm) for _ in range(50)]
    store = MetricsStore(path, retention=None)
    first_s = 1_790_000_000 // 3600 * 3600
    store.write([to_row(first_s + 60 * n, 60, "host:1", "gpt-4", 1, pool[n % 50]) for n in range(MINUTES)])
    store.close()


def _minute(chance, rpm):
    total = Rollup()
    for _ in range(rpm):
        latency_ms = chance.lognormvariate(5.5, 0.5)
        total.latency.record(latency_ms)
        total.within_target += latency_ms <= 500
        total.attempts_ms += latency_ms
        if chance.random() < 0.001:
            total.failures["retries_exhausted"] = total.failures.get("retries_exhausted", 0) + 1
    total.attempts = rpm
    return total


def seconds(path):
    """CPU seconds of a whole report; bytecode is kept, as after an installation."""
    return measured([*AURORA, "--store", str(path)], good=(0, 1)).cpu_s


def reports(folder):
    """The report of 30 days, few and many calls a minute in turn."""
    paths = {rpm: folder / f"{rpm}.db" for rpm in RATES}
    for rpm, path in paths.items():
        write_month(path, rpm)
        seconds(path)
    timings = [[seconds(paths[rpm]) for rpm in RATES] for _ in range(ROUNDS)]
    few, many = (statistics.median(column) for column in zip(*timings, strict=True))
    ratio = statistics.median(b / a for a, b in timings)
    what = f"`sla-report` of {MINUTES:,} minutes"
    size = paths[RATES[1]].stat().st_size / 1e6
    return [
        Row(f"{what} of {RATES[0]} call", f"{few:.2f} s", "", "", "", True),
        Row(
            f"{what} of {RATES[1]:,} calls",
            f"{many:.2f} s",
            f"of one call {few:.2f} s",
            f"{ratio:.2f}",
            "",
            True,
        ),
        Row("their file", f"{size:.1f} MB", "", "", f"under {MOST_MB} MB", size < MOST_MB),
    ]


def rows():
    with tempfile.TemporaryDirectory(prefix="aurora-bench-") as name:
        return [*counting(Path(name)), *reports(Path(name))]
