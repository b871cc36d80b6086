"""The settings' numbers are those that the live objects keep to."""

import io
import json
import logging
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from aurora_core.config import Settings
from aurora_core.errors import (
    CircuitBreakerOpen,
    ConfigurationError,
    RateLimitExceeded,
    RetryError,
    SecurityError,
)
from aurora_core.manual_clock import ManualClock
from aurora_core.service import Service
from aurora_core.store import MetricsStore


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def service(clock, tmp_path):
    """A service of the settings in a dictionary, on a clock that moves only when told."""

    def of(**sections):
        files = {"store": {"url": str(tmp_path / "store.db")}, "cache": {"path": str(tmp_path / "cache.db")}}
        return Service(Settings.model_validate({**files, **sections}), clock=clock)

    return of


def failing():
    raise TimeoutError


def test_the_guides_numbers_where_nothing_says_otherwise(service, clock):
    with pytest.raises(RetryError):
        service().pipeline.call(failing)
    assert clock.sleeps == [0.1, pytest.approx(0.2), pytest.approx(0.4)]


def test_retries_are_as_many_and_as_far_apart_as_the_settings_say(service, clock):
    asked = {"max_retries": 2, "base_delay_ms": "1s", "backoff_multiplier": 3, "max_delay_ms": "2s"}
    with pytest.raises(RetryError):
        service(retry=asked).pipeline.call(failing)
    assert clock.sleeps == [1.0, 2.0]


def test_the_deadline_ends_a_call(service, clock):
    with pytest.raises(RetryError) as ended:
        service(retry={"base_delay_ms": "1s", "deadline": "2s"}).pipeline.call(failing)
    assert ended.value.reason == "deadline"


def test_the_budget_is_shared_by_all_calls(service):
    pipeline = service(retry={"budget_ratio": 0.1}, breaker={"enabled": False}).pipeline
    reasons = []
    for _ in range(5):
        with pytest.raises(RetryError) as ended:
            pipeline.call(failing)
        reasons.append(ended.value.reason)
    assert reasons == ["attempts", "attempts", "attempts", "budget", "budget"]


def test_the_limit_and_the_longest_wait(service, clock):
    pipeline = service(rate_limit={"rpm": 2, "max_wait": "10s"}).pipeline
    for _ in range(2):
        pipeline.call(int)
    with pytest.raises(RateLimitExceeded):
        pipeline.call(int)
    clock.advance(55)
    pipeline.call(int)
    assert clock.now() == 60


def test_a_burst_is_a_bucket(service, clock):
    pipeline = service(rate_limit={"rpm": 60, "burst": 1}).pipeline
    for _ in range(3):
        pipeline.call(int)
    assert clock.sleeps == [1.0, 1.0]


def test_a_place_for_each_attempt_or_for_each_call(service, clock):
    for per, calls in (("attempt", 1), ("call", 2)):
        limited = service(rate_limit={"rpm": 2, "max_wait": 0, "per": per}, retry={"max_retries": 1})
        for _ in range(calls):
            with pytest.raises(RetryError):
                limited.pipeline.call(failing)
        with pytest.raises(RateLimitExceeded):
            limited.pipeline.call(int)


def test_the_breaker_opens_and_closes_as_the_settings_say_and_not_at_all_when_it_is_off(service, clock):
    asked = {"failure_threshold": 2, "timeout": "30s"}
    pipeline = service(breaker=asked, retry={"max_retries": 0}).pipeline
    for _ in range(2):
        with pytest.raises(RetryError):
            pipeline.call(failing)
    with pytest.raises(CircuitBreakerOpen) as refused:
        pipeline.call(int)
    assert refused.value.retry_after == 30
    clock.advance(30)
    pipeline.call(int)
    off = service(breaker={**asked, "enabled": False}, retry={"max_retries": 0}).pipeline
    for _ in range(9):
        with pytest.raises(RetryError):
            off.call(failing)


def test_a_breaker_by_share(service):
    asked = {"failure_threshold": 99, "failure_rate": "50%", "minimum_calls": 4}
    pipeline = service(breaker=asked, retry={"max_retries": 0}).pipeline
    for work in (int, int, failing):
        try:
            pipeline.call(work)
        except RetryError:
            continue
    with pytest.raises(RetryError):
        pipeline.call(failing)
    with pytest.raises(CircuitBreakerOpen):
        pipeline.call(int)


def test_each_tier_has_a_limiter_of_its_own_and_the_first_that_fits_is_taken(service):
    tiers = [
        {"provider": "openai", "model": "gpt-3.5*", "rpm": 3},
        {"provider": "openai", "model": "*", "rpm": 2},
    ]
    of = service(rate_limit={"rpm": 1, "max_wait": 0, "tiers": tiers}).pipeline_for
    models = {("openai", "gpt-3.5-turbo"): 3, ("openai", "o9"): 2, ("anthropic", "gpt-3.5"): 1}
    for (provider, model), rpm in models.items():
        for _ in range(rpm):
            of(provider, model).call(int)
        with pytest.raises(RateLimitExceeded):
            of(provider, model).call(int)


def test_the_pipeline_is_that_of_the_model_that_is_asked(service):
    tiers = [{"provider": "anthropic", "model": "claude*", "rpm": 1}]
    built = service(
        llm={"provider": "anthropic", "model": "claude-9"}, rate_limit={"max_wait": 0, "tiers": tiers}
    )
    built.pipeline.call(int)
    with pytest.raises(RateLimitExceeded):
        built.pipeline.call(int)


def test_calls_are_counted_against_the_latency_target_unless_metrics_are_off(service, clock):
    built = service(sla={"p95_latency_ms": "2s", "p95_latency_alert_ms": "3s"})
    built.pipeline.call(lambda: clock.advance(1.5))
    assert built.metrics.get_metrics()["within_target_rate"] == 1
    assert service(metrics={"enabled": False}).metrics is None


def test_the_rules_are_the_settings(service):
    rule = {"name": "any", "metric": "query_count", "comparison": "gt", "threshold": 0}
    assert [
        each.name for each in service(alerts={"default_rules": False, "rules": [rule]}).alerting.rules
    ] == ["any"]
    assert len(service().alerting.rules) == 4


def test_without_settings_they_are_loaded(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aurora.toml").write_text("[rate_limit]\nrpm = 7\n[metrics]\nenabled = false\n")
    assert Service().settings.rate_limit.rpm == 7
    (tmp_path / "aurora.toml").write_text("[rate_limit]\nrpm = 0\n")
    with pytest.raises(ConfigurationError, match=r"aurora.toml:2:7: `rate_limit.rpm` = 0 must be at least 1"):
        Service()


def test_what_it_counts_goes_into_the_store_for_as_long_as_the_settings_say(service, clock, tmp_path):
    sections = {"llm": {"model": "gpt-4"}, "store": {"url": str(tmp_path / "own.db"), "keep_minutes": "2h"}}
    made = service(**sections)
    for _ in range(300):
        assert made.pipeline.call(lambda: "an answer") == "an answer"
        clock.advance(60)
    made.metrics.close()
    kept = MetricsStore(tmp_path / "own.db").read(0, 10**6)
    assert sum(piece.calls for piece in kept) == 300
    assert {piece.model for piece in kept} == {"gpt-4"}
    assert {piece.length_s for piece in kept} == {60, 3600}


def test_answers_are_kept_for_as_long_as_the_settings_say_and_look_ups_counted(service, clock, tmp_path):
    made = service(cache={"ttl": "60s", "path": str(tmp_path / "cache.db")})
    made.cache.put("why", "because")
    clock.advance(59)
    assert made.cache.get("why") == "because"
    clock.advance(2)
    assert made.cache.get("why") is None
    assert made.metrics.get_metrics()["cache_hit_rate"] == 0.5


def test_a_query_is_held_against_the_limits_of_the_settings(service):
    made = service(security={"max_query_length": 5, "max_query_bytes": 8})
    assert made.validate_query(" why ") == "why"
    for query in ("whyever", "🎈🎈🎈"):
        with pytest.raises(ValueError, match="Query exceeds"):
            made.validate_query(query)


def test_secrets_are_looked_for_where_the_settings_say(service, tmp_path, monkeypatch):
    (tmp_path / "key").write_text("from a file")
    monkeypatch.setenv("THE_KEY", "from the environment")
    monkeypatch.setenv("THE_KEY_FILE", str(tmp_path / "key"))
    assert service().secrets.get("the_key").reveal() == "from the environment"
    assert service(security={"secret_sources": ["file"]}).secrets.get("the_key").reveal() == "from a file"


@pytest.fixture
def _log_as_before(monkeypatch):
    monkeypatch.setattr(logging.root, "handlers", [])
    level = logging.root.level
    yield
    logging.root.setLevel(level)


@pytest.mark.usefixtures("_log_as_before")
def test_its_log_is_as_the_settings_say_and_holds_none_of_their_secrets(service):
    hook = "https://hooks.example.com/hunter-two"
    stream = io.StringIO()
    made = service(
        logging={"level": "WARNING"},
        llm={"openai_api_key": "a plain word"},
        alerts={"channels": {"team": {"type": "webhook", "url": hook}}},
    )
    made.configure_logging(stream)
    logging.getLogger("service").info("not loud enough")
    logging.getLogger("service").warning("a plain word was sent to %s", hook)
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["level"] == "WARNING"
    assert "plain" not in line
    assert "hunter" not in line


def test_generated_code_is_looked_at_unless_the_settings_say_otherwise(service):
    assert service().sanitize_code("print(1)") == "print(1)"
    with pytest.raises(SecurityError):
        service().sanitize_code("import os; os.system('x')")
    off = service(security={"scan": False})
    assert off.sanitize_code("import os; os.system('x')") == "import os; os.system('x')"


def test_closed_it_has_written_all_and_stopped_what_it_started(service, tmp_path):
    with service() as made:
        assert made.pipeline.call(lambda: 42) == 42
        made.cache.put("why", "since")
        made.watch_alerts()
    assert [piece.calls for piece in MetricsStore(tmp_path / "store.db").read(0, 2**40)] == [1]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("aurora-alert")]
    assert made.pipeline.call(lambda: 42) == 42  # whatever is called later works


def test_with_tiers_no_model_is_named_since_several_share_the_collector(service, tmp_path):
    made = service(rate_limit={"tiers": [{"provider": "openai", "model": "gpt-3*", "rpm": 9}]})
    made.pipeline_for("openai", "gpt-3.5").call(lambda: "an answer")
    made.metrics.close()
    assert {piece.model for piece in MetricsStore(tmp_path / "store.db").read(0, 10**6)} == {""}


NUMBERS = (
    st.sampled_from([0, 1, 1e-300, 5e-7, 0.5, 1.5, 7, 1e6, 1e7, 1e13, 1e300])
    | st.integers(0, 10**8)
    | st.floats(0, 1e13)
)
FIELDS = {
    "rate_limit": ("rpm", "max_wait", "burst"),
    "retry": (
        "max_retries",
        "base_delay_ms",
        "max_delay_ms",
        "backoff_multiplier",
        "deadline",
        "max_retry_after",
        "budget_ratio",
    ),
    "breaker": ("failure_threshold", "timeout", "failure_rate", "minimum_calls", "window"),
    "sla": ("p95_latency_ms",),
}


@given(st.data())
def test_a_service_can_be_made_of_whatever_the_settings_accept(tmp_path_factory, data):
    sections = {
        section: {name: data.draw(NUMBERS, name) for name in data.draw(st.sets(st.sampled_from(names)))}
        for section, names in FIELDS.items()
    }
    store = {"path": str(tmp_path_factory.getbasetemp() / "metrics.db")}
    try:
        settings = Settings.model_validate({"store": store, **sections})
    except ValidationError:
        return
    Service(settings, clock=ManualClock())
