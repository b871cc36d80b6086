"""Every Python block of the production guide runs as it stands.

Blocks are given the names that they leave open, and those that end in a bare ``return`` a function around
them. The guide's ``cloud_kms`` is whoever keeps the secrets: here ``aurora_core.secrets``.
"""

import json
import logging
import os
import re
import sys
import textwrap
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from aurora_core import resilience, secrets
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.manual_clock import ManualClock
from aurora_core.store import Chunk, MetricsStore, SQLiteStore

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").is_file())
GUIDE = ROOT.parent / "shared" / "guide.md"


def blocks():
    """Each Python block by the heading that it stands under, in order."""
    if not GUIDE.is_file():
        return []
    heading, found = "", []
    for part in re.split(
        r"(^#+ [^\n]*$|^```python\n.*?^```$)", GUIDE.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL
    ):
        if part.startswith("#"):
            heading = part.lstrip("# ")
        elif part.startswith("```python"):
            found.append((heading, part.removeprefix("```python\n").removesuffix("```")))
    return found


BLOCKS = blocks()
pytestmark = pytest.mark.skipif(not BLOCKS, reason=f"the guide is not here: {GUIDE}")


class AuthenticationError(Exception):
    """An SDK's error."""


class SecurityError(Exception):
    """What the guide's sanitizer raises."""


class Retriever:
    """Answers, but for a lost connection at first."""

    def __init__(self):
        self.failures = 2

    def retrieve(self, chunks, query):
        if self.failures:
            self.failures -= 1
            raise ConnectionError("lost")
        return [chunk for chunk in chunks if query in chunk]


@pytest.fixture
def on_a_manual_clock(monkeypatch):
    """The blocks build their objects with the system's clock; let that one not wait."""
    clock = ManualClock(now=100.0, wall=time.time())
    for name in ("now", "wall", "sleep_until", "wait_until"):
        monkeypatch.setattr(type(SYSTEM_CLOCK), name, getattr(clock, name))
    return clock


@pytest.fixture
def names(monkeypatch, tmp_path):
    """What the blocks leave open, and a root logger that forgets what they do to it."""
    monkeypatch.setattr(logging.root, "handlers", list(logging.root.handlers))
    monkeypatch.setattr(logging.root, "level", logging.root.level)
    monkeypatch.setitem(os.environ, "OPENAI_API_KEY", "of a test")
    monkeypatch.setitem(sys.modules, "cloud_kms", secrets)
    monkeypatch.chdir(tmp_path)  # where the stores of the guide are made
    sent = []
    return {
        **{name: getattr(resilience, name) for name in resilience.__all__},
        "time": time,
        "logging": logging,
        "retriever": Retriever(),
        "collector": resilience.MetricsCollector(),
        "make_llm_call": lambda: "an answer",
        "make_api_call": lambda: "an answer",
        "cached_result": "a cached answer",
        "send_pagerduty_alert": lambda alert: sent.append(("pager", alert.rule)),
        "send_slack_alert": lambda alert: sent.append(("slack", alert.rule)),
        "sent": sent,
        "AuthenticationError": AuthenticationError,
        "SecurityError": SecurityError,
    }


def run_block(source, names):
    """Run it; where it ends in a bare return, in a function, whose result stands under ``returned``."""
    try:
        code = compile(source, "guide.md", "exec")
    except SyntaxError as error:
        assert "'return' outside function" in str(error)  # noqa: PT017 - the only reason to wrap it
        body = textwrap.indent(source, "    ")
        code = compile(f"def block():\n{body}\nreturned = block()", "guide.md", "exec")
    exec(code, names)
    return names


def block(heading, number=0):
    return [source for title, source in BLOCKS if title == heading][number]


@pytest.mark.parametrize(("heading", "source"), BLOCKS, ids=[heading for heading, _ in BLOCKS])
@pytest.mark.usefixtures("on_a_manual_clock")
def test_each_block_runs_as_it_stands(heading, source, names):
    run_block(source, names)


def test_the_quick_start_retries_records_and_answers(on_a_manual_clock, names):
    run_block(block("Minimum Production Configuration"), names)
    assert names["production_retrieve"]("sky", ["blue sky", "grass"]) == ["blue sky"]
    metrics = names["metrics_collector"].get_metrics()
    assert (metrics["query_count"], metrics["success_rate"]) == (3, pytest.approx(1 / 3))
    assert on_a_manual_clock.sleeps == pytest.approx([0.1, 0.2])
    assert len(names["alerting"].rules) == 4


def test_the_metrics_block_prints_what_it_measured(names, capsys):
    run_block(block("1. Metrics Collection"), names)
    p95 = names["collector"].get_metrics()["p95_latency_ms"]
    assert p95 == pytest.approx(250, rel=0.01)
    assert capsys.readouterr().out.splitlines() == [
        "Total queries: 1",
        "Success rate: 100.0%",
        "Avg latency: 250.0ms",
        f"P95 latency: {p95:.1f}ms",
        "Cache hit rate: 100.0%",
        "Error rate: 0.0%",
    ]


def test_the_alert_block_sends_each_severity_its_way(names):
    for _ in range(10):
        names["collector"].record_query(latency_ms=20_000, success=False)
    run_block(block("2. Alerting Rules"), names)
    assert names["sent"] == [
        ("slack", "high_error_rate"),
        ("slack", "high_latency_p95"),
        ("pager", "critical_error_rate"),
    ]


@pytest.mark.usefixtures("on_a_manual_clock")
def test_the_limiter_block_ends_with_the_cached_result_when_the_minute_is_full(names):
    source = block("3. Rate Limiting Configuration").replace(
        "requests_per_minute=60", "requests_per_minute=2"
    )
    assert run_block(source, names)["returned"] == "a cached answer"


def test_the_retry_block_classifies_and_gives_up_as_the_guide_says(on_a_manual_clock, names, caplog):
    attempts = []

    def make_api_call():
        attempts.append(1)
        raise type("RateLimitError", (Exception,), {})("slow down")

    run_block(block("Retry Handler"), {**names, "make_api_call": make_api_call})
    assert len(attempts) == 4
    assert on_a_manual_clock.sleeps == pytest.approx([0.1, 0.2, 0.4])
    assert "Failed after 4 attempts: slow down" in caplog.text


@pytest.mark.parametrize("where", ["memory", "store"])
def test_the_sla_block_reports_on_the_last_24_hours(names, tmp_path, where):
    if where == "store":
        store = MetricsStore(tmp_path / "metrics.db")
        names["collector"] = resilience.MetricsCollector(store=store, clock=ManualClock(wall=1_790_000_000))
    for _ in range(1000):
        names["collector"].record_query(latency_ms=100, success=True)
    run_block(block("Monitoring Queries"), names)
    report = names["generate_sla_report"]()
    assert report["availability"] == "100.00%"
    assert report["error_rate"] == "0.00%"
    assert report["sla_met"] is True


def test_the_configuration_block_builds_a_limiter_for_each_tier(names):
    run_block(block("3. Rate Limiting Configuration", 1), names)
    assert isinstance(names["gpt4_limiter"], resilience.RateLimiter)
    assert not names["gpt35_limiter"].would_rate_limit(places=3500)
    assert names["gpt4_limiter"].try_acquire(places=60)
    assert not names["gpt4_limiter"].try_acquire()


def test_the_validation_block_refuses_what_is_empty_or_too_long_and_takes_fences_out(names):
    validate = run_block(block("2. Input Validation"), names)["validate_query"]
    assert validate(" where is ```the``` parser? ") == "where is the parser?"
    for bad in ("", "  ", "x" * 10_001):
        with pytest.raises(ValueError, match="Query"):
            validate(bad)


def test_the_key_comes_from_whoever_keeps_the_secrets(names):
    assert run_block(block("1. API Key Management"), names)["api_key"] == "of a test"


def test_the_redundancy_block_falls_back_to_the_replica(names, tmp_path):
    chunk = Chunk("a", "blue sky")
    for name in ("primary.db", "replica.db"):
        with SQLiteStore(tmp_path / name) as store:
            store.save_chunks([chunk])
    run_block(block("1. Database Redundancy"), names)
    assert names["resilient_retrieve"](["a"], "sky") == [chunk]
    names["primary_store"].close()
    (tmp_path / "primary.db").write_bytes(b"no database any more" * 100)
    assert names["resilient_retrieve"](["a"], "sky") == [chunk]


def test_the_sanitizing_block_refuses_dangerous_code(names):
    sanitize = run_block(block("3. Output Sanitization"), names)["sanitize_code_output"]
    assert sanitize("print(1)") == "print(1)"
    with pytest.raises(SecurityError, match=r"os\.system"):
        sanitize("os.system('ls')")


def test_the_logging_block_writes_json(names):
    run_block(block("Logging Configuration"), names)
    record = logging.LogRecord("aurora", logging.WARNING, "guide.py", 1, "slow: %s", ("q1",), None)
    record.latency_ms = 250
    line = json.loads(names["JSONFormatter"]().format(record))
    assert (line["level"], line["message"], line["latency_ms"]) == ("WARNING", "slow: q1", 250)


def test_the_guides_breaker_and_ours_see_one_outage_alike(on_a_manual_clock, names):
    clock = on_a_manual_clock
    names["time"] = SimpleNamespace(time=clock.now)
    guides = run_block(block("2. Circuit Breaker"), names)["CircuitBreaker"](failure_threshold=3, timeout=60)
    ours = resilience.CircuitBreaker(failure_threshold=3, timeout=60, clock=clock)

    def seen(breaker, fails):
        try:
            return breaker.call(lambda: 1 / (not fails)), breaker.state
        except (ZeroDivisionError, resilience.CircuitBreakerOpen) as error:
            return type(error), breaker.state

    for seconds, fails in [(0, False), *[(1, True)] * 4, (30, False), (31, True), (1, False), (60, False)]:
        clock.advance(seconds)
        assert seen(ours, fails) == seen(guides, fails)
    assert ours.state == guides.state == "CLOSED"
