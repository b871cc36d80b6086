"""Every setting that the live pipeline obeys changes the replay, or is named as left out."""

import json
from typing import NamedTuple

import numpy as np
import pytest
from live_world import LiveWorld

from aurora_cli.app import run
from aurora_cli.simulate import Provider, Scenario, Workload, document, engine, replay
from aurora_cli.simulate.attempt_status import OK, TRANSIENT
from aurora_cli.simulate.outcomes import NAMES
from aurora_cli.simulate.prepare import parameters, traffic
from aurora_cli.simulate.stats import compute_stats
from aurora_core.config import Settings
from aurora_core.config.sections.breaker import Breaker
from aurora_core.config.sections.rate_limit import RateLimit
from aurora_core.config.sections.retry import Retry
from aurora_core.errors import CircuitBreakerOpen, RateLimitExceeded
from aurora_core.manual_clock import ManualClock
from aurora_core.service import Service

SECTIONS = {"rate_limit": RateLimit, "retry": Retry, "breaker": Breaker}
FIELDS = [f"{name}.{field}" for name, section in SECTIONS.items() for field in section.model_fields]
NOT_REPLAYED = {"rate_limit.provider_rpm": 500}
QUERIES = Workload(np.arange(40) * 0.37, np.full(40, 0.05), np.zeros(40, np.int8))
TIER = {"provider": "openai", "model": "gpt-4-turbo-preview", "rpm": 5}
FULL = Provider(rpm=10, error_rate=0.0)


class Case(NamedTuple):
    """A value that differs from the default, the settings beside it, and the provider that answers."""

    value: object
    beside: dict = {}  # noqa: RUF012 - never changed
    provider: Provider = Provider(error_rate=0.5)


ENOUGH = {"rate_limit": {"rpm": 1000}}
BY_SHARE = {**ENOUGH, "breaker": {"failure_rate": 0.4}}
CASES = {
    "rate_limit.rpm": Case(20),
    "rate_limit.max_wait": Case(10, {"rate_limit": {"rpm": 20}}),
    "rate_limit.burst": Case(3, {"rate_limit": {"rpm": 20}}),
    "rate_limit.per": Case("call", {"rate_limit": {"rpm": 20}}),
    "rate_limit.workers": Case(3, {"rate_limit": {"rpm": 10}}),
    "rate_limit.tiers": Case([TIER]),
    "retry.max_retries": Case(1),
    "retry.base_delay_ms": Case(130),
    "retry.max_delay_ms": Case(150),
    "retry.backoff_multiplier": Case(3),
    "retry.jitter": Case("full"),
    "retry.deadline": Case(0.25),
    "retry.max_retry_after": Case(1, provider=FULL),
    "retry.budget_ratio": Case(0.01, ENOUGH),
    "breaker.enabled": Case(False, {"breaker": {"failure_threshold": 3}}),
    "breaker.failure_threshold": Case(2, ENOUGH),
    "breaker.timeout": Case(1.3, {"breaker": {"failure_threshold": 3}}),
    "breaker.failure_rate": Case(0.4, ENOUGH),
    "breaker.minimum_calls": Case(30, BY_SHARE),
    "breaker.window": Case(1, BY_SHARE),
}
RANDOM = {"retry.jitter"}
"""Live it draws other numbers, so that only the change itself can be compared."""


class ServiceWorld(LiveWorld):
    """The live world with the pipelines of a ``Service`` for each worker process."""

    def __init__(self, config, scenario, *numbers):
        self.services = []
        self.config = config
        super().__init__(scenario, *numbers)

    def _pipelines(self, scenario):
        limit = scenario.rate_limit
        self.services = [Service(self.config, clock=self.clock) for _ in range(limit.workers)]
        models = [("openai", "another"), *((tier.provider, tier.model) for tier in limit.tiers)]
        return [service.pipeline_for(*model) for model in models for service in self.services]

    def run(self):
        try:
            return super().run()
        finally:
            for service in self.services:
                service.close()


@pytest.fixture
def config(tmp_path):
    """Settings of the sections in a dictionary, with files that are nobody else's."""

    def of(sections):
        files = {"store": {"url": str(tmp_path / "store.db")}, "cache": {"path": str(tmp_path / "cache.db")}}
        return Settings.model_validate({**files, "metrics": {"enabled": False}, **sections})

    return of


def table(out):
    """What became of each query, to the microsecond."""
    rows = zip(
        out.outcome, out.reason, out.attempts, np.round(out.start, 6), np.round(out.end, 6), strict=True
    )
    return [(NAMES[row[0]], *map(float, row[1:])) for row in rows]


def live_and_replayed(settings, provider):
    scenario = Scenario.from_settings(settings)
    laws, queries = parameters(scenario, provider, 0), traffic(QUERIES, scenario, 0)
    with np.errstate(over="ignore"):
        live, _ = ServiceWorld(settings, scenario, laws, queries).run()
    return str(table(live)), str(table(engine.replay_compiled(laws, queries).outcomes))


def test_every_field_has_a_case():
    assert sorted([*CASES, *NOT_REPLAYED]) == sorted(FIELDS)


@pytest.mark.parametrize("field", CASES)
def test_a_changed_value_changes_the_service_and_its_replay_alike(config, field):
    value, beside, provider = CASES[field]
    section, name = field.split(".")
    changed = {**beside, section: {**beside.get(section, {}), name: value}}
    live_before, replayed_before = live_and_replayed(config(beside), provider)
    live_after, replayed_after = live_and_replayed(config(changed), provider)
    assert live_before != live_after
    assert replayed_before != replayed_after
    assert live_before == replayed_before
    assert (live_after == replayed_after) == (field not in RANDOM)


@pytest.mark.parametrize("field", NOT_REPLAYED)
def test_what_does_not_change_the_replay_is_named_on_the_page_and_in_json(config, field):
    section, name = field.split(".")
    settings = config({section: {name: NOT_REPLAYED[field]}})
    scenario = Scenario.from_settings(settings)
    assert live_and_replayed(settings, FULL) == live_and_replayed(config({}), FULL)
    laws, queries = parameters(scenario, FULL, 0), traffic(QUERIES, scenario, 0)
    answer = compute_stats(QUERIES, engine.replay_compiled(laws, queries), scenario)
    (reason,) = answer.to_json()["not_replayed"]
    assert reason.startswith(field)
    (service,) = document.service_table(scenario, QUERIES)
    assert [cell.text for cell in service.rows[0]] == ["not replayed", reason]


def test_the_client_librarys_retries_and_a_tiers_plan_are_named_too(config):
    settings = config({"llm": {"sdk_max_retries": 2}, "rate_limit": {"tiers": [{**TIER, "provider_rpm": 9}]}})
    reasons = Scenario.from_settings(settings).not_replayed()
    assert [reason.split(":")[0] for reason in reasons] == ["llm.sdk_max_retries", "rate_limit.provider_rpm"]
    assert Scenario.from_settings(config({})).not_replayed() == []


# What a file said and the replay did not do, as it was found.


@pytest.fixture
def replayed(tmp_path, capsys):
    """The result of a replay of a log under a file."""

    def of(file, lines, *options):
        (tmp_path / "aurora.toml").write_text(file)
        (tmp_path / "log.csv").write_text("\n".join(["time,latency_ms,status", *lines]))
        arguments = ["simulate", str(tmp_path / "log.csv"), "--config", str(tmp_path / "aurora.toml")]
        assert run([*arguments, "--format", "json", *options]) == 0
        return json.loads(capsys.readouterr().out)["results"][0]

    return of


DEADLINE = "[rate_limit]\nrpm = 1\nmax_wait = 300\n[retry]\ndeadline = '5s'\n"
OUTAGE = [f"{second},100,503" for second in range(40)]


def test_a_deadline_of_five_seconds_at_one_a_minute_refuses_two_of_three(config, replayed):
    limit, retry = {"rpm": 1, "max_wait": 300}, {"deadline": 5}
    ends = []
    with Service(config({"rate_limit": limit, "retry": retry}), clock=ManualClock()) as service:
        for _ in range(3):
            try:
                ends.append(service.pipeline.call(lambda: "answered"))
            except RateLimitExceeded:
                ends.append("rate_limited")
    assert ends == ["answered", "rate_limited", "rate_limited"]
    found = replayed(DEADLINE, [f"{second},100,200" for second in range(3)])["queries"]
    assert (found["answered"], found["rate_limited"]) == (1, 2)


def test_a_deadline_refuses_all_that_would_start_in_the_second_minute(replayed):
    found = replayed("[retry]\ndeadline = '5s'\n", ["1,100,200"] * 120)["queries"]
    assert (found["answered"], found["rate_limited"]) == (60, 60)


def test_half_of_forty_failing_opens_the_breaker_at_the_tenth_call(config, replayed):
    breaker = {"failure_threshold": 1000, "failure_rate": 0.5}
    sections = {"retry": {"max_retries": 0}, "breaker": breaker}
    refused = 0
    clock = ManualClock()
    with Service(config(sections), clock=clock) as service:
        for _ in range(40):
            clock.advance(1)
            try:
                service.pipeline.call(fail)
            except CircuitBreakerOpen:
                refused += 1
            except Exception:  # noqa: BLE001 - the outage itself
                pass
    file = "[retry]\nmax_retries = 0\n[breaker]\nfailure_threshold = 1000\nfailure_rate = 0.5\n"
    assert refused == replayed(file, OUTAGE)["queries"]["breaker_open"] == 30


def fail():
    raise TimeoutError


def test_a_budget_of_a_hundredth_ends_the_retries_of_an_outage(replayed):
    off = "[breaker]\nenabled = false\n"
    assert replayed(off, OUTAGE, "--rpm", "off")["attempts"] == 160
    with_budget = replayed(f"{off}[retry]\nbudget_ratio = 0.01\n", OUTAGE, "--rpm", "off")
    assert with_budget["attempts"] == 50
    assert with_budget["reasons"] == {"attempts": 3, "deadline": 0, "budget": 37}


def test_a_longest_retry_after_of_a_second_gives_up_on_a_full_provider(replayed):
    lines = [f"{number / 10},100,200" for number in range(100)]
    options = ("--rpm", "off", "--provider-rpm", "50")
    patient = replayed("", lines, *options)
    hasty = replayed("[retry]\nmax_retry_after = '1s'\n", lines, *options)
    assert (patient["queries"]["recovered"], patient["queries"]["retries_exhausted"]) == (50, 0)
    assert (hasty["queries"]["recovered"], hasty["queries"]["retries_exhausted"]) == (0, 50)
    assert hasty["reasons"] == {"attempts": 0, "deadline": 50, "budget": 0}


def test_four_workers_let_through_more_than_one_of_them_may(replayed):
    found = replayed("[rate_limit]\nworkers = 4\n", ["1,100,200"] * 400)
    assert 60 < found["peak_starts_per_minute"] <= 240
    assert replayed("", ["1,100,200"] * 400)["peak_starts_per_minute"] == 60


def test_without_a_limiter_each_worker_keeps_its_breaker(replayed):
    file = "[rate_limit]\nworkers = 4\n[retry]\nmax_retries = 0\n"
    limited = replayed(file, OUTAGE, "--rpm", "1000")
    unlimited = replayed(file, OUTAGE, "--rpm", "off")
    assert limited["queries"]["breaker_open"] == unlimited["queries"]["breaker_open"] == 20
    assert limited["policy"]["rate_limit"] | {"rpm": None} == unlimited["policy"]["rate_limit"]


def test_without_a_limiter_a_tier_keeps_its_breaker(config):
    """The failing models of a tier do not open the breaker of the others."""
    tier = {"provider": "openai", "model": "gpt-4o*", "rpm": 1000}
    scenario = Scenario.from_settings(config({"rate_limit": {"rpm": 1000, "tiers": [tier]}}))
    recorded = np.tile(np.array([TRANSIENT, OK], np.int8), 20)
    model = np.tile(np.array([0, 1], np.int32), 20)
    workload = Workload(np.arange(40.0), np.full(40, 0.05), recorded, model=model, models=("gpt-4o", "gpt-4"))
    with_limiter, without = (
        table(replay(workload, each).outcomes) for each in (scenario, scenario.with_rpm(None))
    )
    assert str(with_limiter) == str(without)
    assert {outcome for outcome, *_ in without[1::2]} == {"first_try"}
