"""The live objects on a manual clock, the plain kernel and the compiled kernel: one table, event by event."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live_world import LiveWorld
from scenarios import scenario

from aurora_cli.simulate import Provider, Workload, engine
from aurora_cli.simulate.prepare import parameters, traffic
from aurora_cli.simulate.reader import read
from aurora_core.config.sections.rate_limit import Tier

IN_BOTH = ("outcome", "attempts", "throttled", "start", "end", "reason")
MODELS = ("gpt-4", "gpt-4o-mini", "claude")
TIERS = (
    Tier(provider="openai", model="gpt-4o*", rpm=7),
    Tier(provider="anthropic", model="c*", rpm=3, burst=2),
)


def assert_one_table(workload, service, provider, seed=0):
    laws, queries = parameters(service, provider, seed), traffic(workload, service, seed)
    plain = engine.replay_plain(laws, queries)
    compiled = engine.replay_compiled(laws, queries)
    with np.errstate(over="ignore"):
        live, sent = LiveWorld(service, laws, queries).run()
    for name, ours, theirs in zip(plain.outcomes._fields, plain.outcomes, compiled.outcomes, strict=True):
        np.testing.assert_array_equal(ours, theirs, err_msg=f"plain and compiled: {name}")
    np.testing.assert_array_equal(plain.sent, compiled.sent)
    assert plain.longest_queue == compiled.longest_queue
    for name in IN_BOTH:
        np.testing.assert_array_equal(
            getattr(live, name), getattr(compiled.outcomes, name), err_msg=f"live: {name}"
        )
    np.testing.assert_array_equal(sent, compiled.sent)


def scenarios(**fixed):
    numbers = {
        "rpm": st.none() | st.integers(1, 40),
        "max_wait": st.sampled_from([0.0, 2.5, 60.0, 1e6]),
        "burst": st.none() | st.integers(1, 10),
        "per": st.sampled_from(["attempt", "call"]),
        "workers": st.integers(1, 3),
        "tiers": st.sampled_from([(), TIERS[:1], TIERS]),
        "max_retries": st.integers(0, 4),
        "jitter": st.sampled_from(["none", "full", "equal"]),
        "deadline": st.sampled_from([None, 0.4, 3.0, 30.0]),
        "max_retry_after": st.sampled_from([0.0, 1.0, 120.0]),
        "budget_ratio": st.none() | st.floats(0.01, 1),
        "failure_threshold": st.none() | st.integers(1, 5),
        "timeout": st.sampled_from([0.7, 5.0, 60.0]),
        "failure_rate": st.none() | st.floats(0.1, 1),
        "minimum_calls": st.integers(1, 8),
        "window": st.sampled_from([5.0, 60.0]),
    }
    return st.builds(scenario, **numbers | fixed)


providers = st.builds(
    Provider,
    rpm=st.none() | st.integers(1, 40),
    limit=st.sampled_from(["sliding-window", "token-bucket", "fixed-window"]),
    retry_after=st.sampled_from(["reset", "next", "none"]),
    error_rate=st.none() | st.floats(0, 1),
)


@st.composite
def workloads(draw):
    n = draw(st.integers(0, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    gaps = rng.exponential(draw(st.sampled_from([0.01, 0.3, 2.0])), n)
    arrival = np.cumsum(gaps)
    return Workload(
        arrival_s=arrival - arrival[0] if n else arrival,
        service_s=rng.lognormal(-0.5, 1.0, n),
        recorded=rng.choice(4, n, p=[0.6, 0.25, 0.1, 0.05]).astype(np.int8),
        model=draw(st.sampled_from([None, rng.integers(-1, len(MODELS), n).astype(np.int32)])),
        models=MODELS,
    )


@settings(max_examples=200, deadline=None)
@given(workloads(), scenarios(), providers, st.integers(0, 2**63 - 1))
def test_live_plain_and_compiled_decide_alike_on_random_traffic(workload, service, provider, seed):
    assert_one_table(workload, service, provider, seed)


@settings(max_examples=60, deadline=None)
@given(
    workloads(),
    scenarios(
        rpm=st.just(30), failure_rate=st.floats(0.1, 1), max_wait=st.just(60.0), failure_threshold=st.just(5)
    ),
    st.integers(0, 99),
)
def test_they_do_so_when_the_breaker_opens_by_share(workload, service, seed):
    assert_one_table(workload, service, Provider(error_rate=0.4), seed)


@pytest.mark.parametrize("log", ["azure_llm_conv.csv", "mooncake_conversation.jsonl.gz"])
def test_live_plain_and_compiled_decide_alike_on_real_logs(log, shared_data):
    workload, _ = read([str(shared_data / log)])
    service = scenario(rpm=300, max_wait=20.0, jitter="full", timeout=5.0)
    assert_one_table(workload, service, Provider(rpm=290, error_rate=0.08), seed=4)


def test_they_do_so_on_a_real_log_with_a_deadline_a_budget_workers_and_a_tier(shared_data):
    workload, _ = read([str(shared_data / "azure_llm_conv.csv")])
    service = scenario(
        rpm=150, workers=2, max_wait=20.0, jitter="full", timeout=5.0, deadline=12.0, budget_ratio=0.05,
        failure_rate=0.3, tiers=TIERS[:1],
    )  # fmt: skip
    assert_one_table(workload, service, Provider(rpm=290, error_rate=0.15), seed=4)
