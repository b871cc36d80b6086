"""The live objects on a manual clock, the plain kernel and the compiled kernel: one table, event by event."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live_world import LiveWorld

from aurora_cli.simulate import Policy, Provider, Workload, engine
from aurora_cli.simulate.policy import traffic, world
from aurora_cli.simulate.reader import read
from aurora_core.resilience.policies import breaker_policy

IN_BOTH = ("outcome", "attempts", "throttled", "start", "end")


def assert_one_table(workload, policy, provider, seed=0, **by_share):
    laws, queries = world(policy, provider, seed), traffic(workload)
    if by_share:
        breaker = breaker_policy(policy.breaker_threshold, policy.breaker_timeout_s, **by_share)
        laws = laws._replace(breaker=breaker)
    plain = engine.replay_plain(laws, queries)
    compiled = engine.replay_compiled(laws, queries)
    with np.errstate(over="ignore"):
        live, sent = LiveWorld(policy, laws, queries, **by_share).run()
    for name, ours, theirs in zip(plain.outcomes._fields, plain.outcomes, compiled.outcomes, strict=True):
        np.testing.assert_array_equal(ours, theirs, err_msg=f"plain and compiled: {name}")
    np.testing.assert_array_equal(plain.sent, compiled.sent)
    assert plain.longest_queue == compiled.longest_queue
    for name in IN_BOTH:
        np.testing.assert_array_equal(
            getattr(live, name), getattr(compiled.outcomes, name), err_msg=f"live: {name}"
        )
    np.testing.assert_array_equal(sent, compiled.sent)


policies = st.builds(
    Policy,
    rpm=st.none() | st.integers(1, 40),
    max_wait_s=st.sampled_from([0.0, 2.5, 60.0, 1e6]),
    burst=st.none() | st.integers(1, 10),
    max_retries=st.integers(0, 4),
    jitter=st.sampled_from(["none", "full", "equal"]),
    limit_per=st.sampled_from(["attempt", "call"]),
    breaker_threshold=st.none() | st.integers(1, 5),
    breaker_timeout_s=st.sampled_from([0.7, 5.0, 60.0]),
)
providers = st.builds(
    Provider,
    rpm=st.none() | st.integers(1, 40),
    limit=st.sampled_from(["window", "bucket", "fixed"]),
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
    )


@settings(max_examples=150, deadline=None)
@given(workloads(), policies, providers, st.integers(0, 2**63 - 1))
def test_live_plain_and_compiled_decide_alike_on_random_traffic(workload, policy, provider, seed):
    assert_one_table(workload, policy, provider, seed)


@settings(max_examples=60, deadline=None)
@given(workloads(), st.floats(0.1, 1), st.integers(1, 8), st.sampled_from([5.0, 60.0]), st.integers(0, 99))
def test_they_do_so_where_the_breaker_opens_by_share(workload, failure_rate, minimum_calls, window_s, seed):
    by_share = {"failure_rate": failure_rate, "minimum_calls": minimum_calls, "window_s": window_s}
    policy = Policy(rpm=30, breaker_timeout_s=3.0, jitter="full")
    assert_one_table(workload, policy, Provider(error_rate=0.4), seed, **by_share)


@pytest.mark.parametrize("log", ["azure_llm_conv.csv", "mooncake_conversation.jsonl.gz"])
def test_live_plain_and_compiled_decide_alike_on_real_logs(log, shared_data):
    workload, _ = read([str(shared_data / log)])
    policy = Policy(rpm=300, max_wait_s=20.0, jitter="full", breaker_timeout_s=5.0)
    assert_one_table(workload, policy, Provider(rpm=290, error_rate=0.08), seed=4)
