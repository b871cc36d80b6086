"""The metrics port: read by prometheus-client's parser, by promtool, and by a Prometheus."""

import asyncio
import json
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from contextlib import ExitStack, closing
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from aurora_core.config import Settings
from aurora_core.errors import ConfigurationError
from aurora_core.manual_clock import ManualClock
from aurora_core.metrics import MetricsCollector
from aurora_core.metrics.exposition import Exposition, serve_metrics
from aurora_core.resilience import CircuitBreaker, RateLimiter
from aurora_core.service import Service
from aurora_core.store import MetricsStore


def free_port():
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def get(url):
    with urllib.request.urlopen(url, timeout=5) as response:
        return response.read().decode()


def page(exposition):
    registry = CollectorRegistry()
    registry.register(exposition)
    return generate_latest(registry).decode()


def samples(text):
    """Each sample by its name and labels."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def record(collector, latencies, failures=0):
    for latency in latencies:
        collector.record_query(latency)
    for _ in range(failures):
        collector.record_query(20.0, success=False, reason="retries_exhausted")
        collector.record_error("TimeoutError")
    collector.record_cache_access(hit=True)
    collector.record_cache_access(hit=False)


@pytest.fixture
def collector():
    made = MetricsCollector(clock=ManualClock())
    record(made, [10.0, 400.0, 500.0, 501.0, 9000.0], failures=2)
    return made


def test_the_sums_are_the_collectors(collector):
    found = samples(page(Exposition(collector.totals)))
    assert found[("aurora_calls_total", ("outcome", "answered"))] == 5
    assert found[("aurora_calls_total", ("outcome", "retries_exhausted"))] == 2
    assert found[("aurora_cache_lookups_total", ("result", "hit"))] == 1
    assert found[("aurora_cache_lookups_total", ("result", "miss"))] == 1
    assert found[("aurora_errors_total", ("type", "TimeoutError"))] == 2
    assert found[("aurora_call_latency_seconds_count",)] == 7
    assert found[("aurora_call_latency_seconds_sum",)] == pytest.approx(10.451)
    assert found[("aurora_error_budget_remaining_ratio",)] == pytest.approx(1 - 2 / 0.007)


def test_the_bucket_at_the_target_is_exact(collector):
    found = samples(page(Exposition(collector.totals, target_ms=500.0)))
    assert found[("aurora_call_latency_seconds_bucket", ("le", "0.5"))] == 5
    odd = samples(page(Exposition(MetricsCollector(321.0, clock=ManualClock()).totals, target_ms=321.0)))
    assert odd[("aurora_call_latency_seconds_bucket", ("le", "0.321"))] == 0


@given(st.lists(st.floats(0, 100_000), max_size=40), st.floats(0.1, 60_000))
def test_buckets_never_fall_and_end_with_all(latencies, target_ms):
    collector = MetricsCollector(target_ms, clock=ManualClock())
    for latency in latencies:
        collector.record_query(latency)
    (family,) = [
        family
        for family in Exposition(collector.totals, target_ms=target_ms).collect()
        if family.name == "aurora_call_latency_seconds"
    ]
    counts = [sample.value for sample in family.samples if sample.name.endswith("_bucket")]
    assert counts == sorted(counts)
    assert counts[-1] == len(latencies)


def test_the_breakers_state_and_the_limiters_wait_are_shown():
    clock = ManualClock()
    breaker, limiter = CircuitBreaker(1, clock=clock), RateLimiter(2, clock=clock)
    exposition = Exposition(
        MetricsCollector(clock=clock).totals, breakers={"default": breaker}, limiters={"default": limiter}
    )
    found = samples(page(exposition))
    assert found[("aurora_breaker_state", ("breaker", "default"), ("state", "closed"))] == 1
    assert found[("aurora_rate_limiter_wait_seconds", ("limiter", "default"))] == 0
    with pytest.raises(TimeoutError):
        breaker.call(lambda: (_ for _ in ()).throw(TimeoutError))
    for _ in range(2):
        limiter.wait_if_needed()
    clock.advance(20)
    found = samples(page(exposition))
    assert found[("aurora_breaker_state", ("breaker", "default"), ("state", "open"))] == 1
    assert found[("aurora_breaker_state", ("breaker", "default"), ("state", "closed"))] == 0
    assert found[("aurora_rate_limiter_wait_seconds", ("limiter", "default"))] == 40


def test_how_many_wait_at_a_limiter_is_shown():
    clock = ManualClock()
    limiter = RateLimiter(1, clock=clock)
    exposition = Exposition(MetricsCollector(clock=clock).totals, limiters={"default": limiter})

    async def main():
        waiting = [asyncio.create_task(limiter.wait(600)) for _ in range(4)]
        await asyncio.sleep(0)
        shown = samples(page(exposition))[("aurora_rate_limiter_queue_length", ("limiter", "default"))]
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return shown, samples(page(exposition))[("aurora_rate_limiter_queue_length", ("limiter", "default"))]

    assert asyncio.run(main()) == (3, 0)


def test_a_store_that_cannot_be_read_is_told_and_what_can_be_served_is(tmp_path):
    path = tmp_path / "m.db"
    clock = ManualClock(wall=1_790_000_000)
    collector = MetricsCollector(store=MetricsStore(path), clock=clock)
    record(collector, [100.0])
    exposition = Exposition(collector.totals, limiters={"x": RateLimiter(5)})
    assert samples(page(exposition))[("aurora_store_up",)] == 1
    collector.close()
    for file in tmp_path.glob("m.db*"):
        file.unlink()
    path.write_text("no database at all " * 100)
    port = free_port()
    stop = serve_metrics(port, exposition, "127.0.0.1")
    try:
        found = samples(get(f"http://127.0.0.1:{port}/metrics"))
    finally:
        stop()
    assert found[("aurora_store_up",)] == 0
    assert found[("aurora_rate_limiter_wait_seconds", ("limiter", "x"))] == 0
    assert not [name for name, *_ in found if "calls" in name or "budget" in name]


def test_who_asks_at_the_same_time_shares_one_look_at_the_sums(collector):
    looked, begun, go, boarded = [], threading.Event(), threading.Event(), threading.Semaphore(0)

    def totals():
        looked.append(1)
        begun.set()
        assert go.wait(10)
        return collector.totals()

    exposition = Exposition(totals)
    board = exposition._flights.join
    exposition._flights.join = lambda key: (board(key), boarded.release())[0]
    pages = []
    threads = [threading.Thread(target=lambda: pages.append(list(exposition.collect()))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert boarded.acquire(timeout=10)
    go.set()
    for thread in threads:
        thread.join()
    assert looked == [1]
    assert pages == [pages[0]] * 5


def test_those_who_connect_and_say_nothing_are_few_and_sent_away(collector, monkeypatch):
    port = free_port()
    stop = serve_metrics(port, Exposition(collector.totals), "127.0.0.1")
    try:
        with monkeypatch.context() as patched:
            patched.setattr("aurora_core.metrics.http_server._Handler.timeout", 0.01)
            with socket.create_connection(("127.0.0.1", port), timeout=9) as hesitating:
                assert hesitating.recv(1) == b""
        with ExitStack() as silent:
            for _ in range(8):
                silent.enter_context(socket.create_connection(("127.0.0.1", port)))
            with socket.create_connection(("127.0.0.1", port), timeout=9) as one_more:
                assert one_more.recv(1) == b""
    finally:
        stop()


FORKED = """
import os, sys
from aurora_core.metrics import MetricsCollector
from aurora_core.metrics.exposition import Exposition, serve_metrics
port = int(sys.argv[1])
stop = serve_metrics(port, Exposition(MetricsCollector().totals), "127.0.0.1")
reading, writing = os.pipe()
child = os.fork()
if child == 0:
    os.close(writing)
    os.read(reading, 1)  # until the parent is gone
    os._exit(0)
stop()
again = serve_metrics(port, Exposition(MetricsCollector().totals), "127.0.0.1")
print(again is not None)
"""


def test_a_forked_child_does_not_hold_on_to_the_port():
    command = [sys.executable, "-W", "ignore", "-c", FORKED, str(free_port())]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "True\n"


def test_two_bounds_that_are_close_have_two_names():
    collector = MetricsCollector(60_000.01, clock=ManualClock())
    found = samples(page(Exposition(collector.totals, target_ms=60_000.01)))
    assert ("aurora_call_latency_seconds_bucket", ("le", "60.00001")) in found
    assert ("aurora_call_latency_seconds_bucket", ("le", "60")) in found


def test_an_error_of_any_name_can_be_served():
    collector = MetricsCollector(clock=ManualClock())
    collector.record_error('odd\ud800\n"name')
    assert samples(page(Exposition(collector.totals)))[("aurora_errors_total", ("type", 'odd?\n"name'))] == 1


def test_under_several_workers_whoever_answers_has_the_sums_of_all(tmp_path):
    clock = ManualClock(wall=1_790_000_000)
    workers = [
        MetricsCollector(store=MetricsStore(tmp_path / "m.db"), source=f"host:{number}", clock=clock)
        for number in range(3)
    ]
    for number, worker in enumerate(workers):
        record(worker, [100.0] * (number + 1), failures=1)
        worker.flush()
    clock.advance(300)
    for worker in workers:
        found = samples(page(Exposition(worker.totals)))
        assert found[("aurora_calls_total", ("outcome", "answered"))] == 6
        assert found[("aurora_calls_total", ("outcome", "retries_exhausted"))] == 3
    for worker in workers:
        worker.close()


def test_the_port_is_served_by_one_worker_and_given_back(collector):
    port = free_port()
    stop = serve_metrics(port, Exposition(collector.totals), "127.0.0.1")
    try:
        assert "aurora_calls_total" in get(f"http://127.0.0.1:{port}/metrics")
        assert serve_metrics(port, Exposition(collector.totals), "127.0.0.1") is None
    finally:
        stop()
    again = serve_metrics(port, Exposition(collector.totals), "127.0.0.1")
    again()


def test_a_service_serves_its_own(tmp_path):
    port = free_port()
    files = {"store": {"url": str(tmp_path / "store.db")}, "cache": {"path": str(tmp_path / "cache.db")}}
    settings = Settings.model_validate({**files, "metrics": {"port": port}})
    with Service(settings, clock=ManualClock(wall=1_790_000_000)) as service:
        assert service.pipeline.call(lambda: "an answer") == "an answer"
        assert service.serve_metrics() is True
        assert service.serve_metrics() is False  # as another worker finds it
        found = samples(get(f"http://127.0.0.1:{port}/metrics"))
    with pytest.raises(OSError, match="refused"):
        get(f"http://127.0.0.1:{port}/metrics")
    assert found[("aurora_calls_total", ("outcome", "answered"))] == 1
    assert found[("aurora_breaker_state", ("breaker", "default"), ("state", "closed"))] == 1
    off = Service(Settings.model_validate({**files, "metrics": {"enabled": False}}), clock=ManualClock())
    with pytest.raises(ConfigurationError, match="nothing to serve"):
        off.serve_metrics()


def test_without_its_extra_the_port_says_what_to_install(tmp_path, monkeypatch):
    files = {"store": {"url": str(tmp_path / "store.db")}, "cache": {"path": str(tmp_path / "cache.db")}}
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    monkeypatch.delitem(sys.modules, "aurora_core.metrics.exposition")
    service = Service(Settings.model_validate(files), clock=ManualClock(wall=1_790_000_000))
    with service, pytest.raises(ConfigurationError, match=r"pip install 'aurora-resilience\[metrics\]'"):
        service.serve_metrics()


@pytest.mark.skipif(shutil.which("promtool") is None, reason="there is no promtool here (Debian: prometheus)")
def test_promtool_finds_nothing_to_say(collector):
    text = page(
        Exposition(collector.totals, breakers={"x": CircuitBreaker()}, limiters={"x": RateLimiter(5)})
    )
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(
    shutil.which("prometheus") is None, reason="there is no Prometheus here (Debian: prometheus)"
)
def test_a_prometheus_reads_it_and_answers_with_its_figures(collector, tmp_path):
    port, own = free_port(), free_port()
    stop = serve_metrics(port, Exposition(collector.totals), "127.0.0.1")
    (tmp_path / "prometheus.yml").write_text(
        "global: {scrape_interval: 200ms}\n"
        f"scrape_configs: [{{job_name: aurora, static_configs: [{{targets: ['127.0.0.1:{port}']}}]}}]\n"
    )
    running = subprocess.Popen(
        [
            "prometheus",
            f"--config.file={tmp_path / 'prometheus.yml'}",
            f"--storage.tsdb.path={tmp_path / 'data'}",
            f"--web.listen-address=127.0.0.1:{own}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def asked(query):
        """Ask until there is an answer: it has to start, and to scrape once."""
        for _ in range(100_000):
            assert running.poll() is None
            try:
                found = json.loads(get(f"http://127.0.0.1:{own}/api/v1/query?query={quote(query)}"))["data"][
                    "result"
                ]
            except OSError:
                continue
            if found:
                return float(found[0]["value"][1])
        raise AssertionError("Prometheus has no answer")

    try:
        assert asked("sum(aurora_calls_total)") == 7
        assert asked("aurora_call_latency_seconds_bucket{le='0.5'}") == 5
        assert 0.25 <= asked("histogram_quantile(0.5, aurora_call_latency_seconds_bucket)") <= 0.5
    finally:
        running.terminate()
        running.wait(timeout=20)
        stop()
