"""The replay against an independent SimPy model: every query's outcome and times."""

import numpy as np
import pytest

from aurora_cli.simulate import Policy, Provider, Workload, replay
from aurora_cli.simulate.outcomes import NAMES
from aurora_cli.simulate.policy import failing_share
from aurora_cli.simulate.statuses import NON_RECOVERABLE, OK, THROTTLED, TRANSIENT
from models.in_simpy import System, simulate, splitmix

WORKLOADS = 260
WORDS = {OK: "ok", TRANSIENT: "transient", THROTTLED: "throttled", NON_RECOVERABLE: "fatal"}


def random_case(number):
    rng = np.random.default_rng(number)
    n = int(rng.integers(1, 160))
    burst = float(rng.integers(1, 20)) if rng.random() < 0.3 else None
    # A bucket's starts lie on a grid; an odd one keeps two queries from retrying at the very same moment,
    # when who is first depends on the last bit of a sum.
    rpm = float(rng.integers(1, 90)) if burst is None else float(rng.uniform(1, 90))
    arrival = np.cumsum(rng.exponential(rng.choice([0.05, 0.5, 1.5]), n) * rng.choice([0.2, 1, 6], n))
    workload = Workload(
        arrival_s=arrival - arrival[0],
        service_s=rng.lognormal(-0.5, 1.0, n),
        recorded=rng.choice(4, n, p=[0.7, 0.2, 0.05, 0.05]).astype(np.int8),
    )
    policy = Policy(
        rpm=None if rng.random() < 0.15 else rpm,
        max_wait_s=float(rng.choice([0.0, 3.3, 60.0, 1e9])),
        burst=burst,
        max_retries=int(rng.integers(0, 6)),
        jitter=str(rng.choice(["none", "full", "equal"])),
        limit_per=str(rng.choice(["attempt", "call"])),
        breaker_threshold=int(rng.integers(1, 8)) if rng.random() < 0.7 else None,
        breaker_timeout_s=float(rng.choice([1.7, 20.0, 60.0])),
    )
    provider = Provider(
        rpm=int(rng.integers(1, 90)) if rng.random() < 0.6 else None,
        limit=str(rng.choice(["window", "bucket", "fixed"])),
        retry_after=str(rng.choice(["reset", "next", "none"])),
        error_rate=float(rng.random()) if rng.random() < 0.4 else None,
    )
    return workload, policy, provider


def in_simpy(workload, policy, provider, seed):
    shares = failing_share(workload.arrival_s, workload.recorded)

    chance = splitmix(seed)

    def fails(query, attempt, now):
        if provider.error_rate is None and attempt == 0:
            return WORDS[int(workload.recorded[query])]
        share = provider.error_rate
        if share is None:
            share = shares[min(int((now + 1e-9) // 60), len(shares) - 1)]
        return "transient" if chance(query, attempt, 0) < share else "ok"

    system = System(
        rpm=policy.rpm if policy.burst else policy.rpm and int(policy.rpm),
        burst=policy.burst,
        max_wait=policy.max_wait_s,
        per_call=policy.limit_per == "call",
        max_retries=policy.max_retries,
        jitter=policy.jitter,
        threshold=policy.breaker_threshold,
        timeout=policy.breaker_timeout_s,
        provider_rpm=provider.rpm,
        provider_limit=provider.limit,
        retry_after=provider.retry_after,
    )
    return simulate(system, workload.arrival_s.tolist(), workload.service_s.tolist(), fails, chance)


@pytest.mark.parametrize("block", range(4))
def test_an_independent_model_in_simpy_agrees_on_every_query(block):
    for number in range(block, WORKLOADS, 4):
        workload, policy, provider = random_case(number)
        out = replay(workload, policy, provider, seed=number).outcomes
        expected = in_simpy(workload, policy, provider, number)
        case = f"workload {number}: {policy}, {provider}"
        assert [NAMES[kind] for kind in out.outcome] == [query.outcome for query in expected], case
        assert out.attempts.tolist() == [query.attempts for query in expected], case
        for name in ("end", "wait", "backoff"):
            theirs = [getattr(query, name) for query in expected]
            np.testing.assert_allclose(getattr(out, name), theirs, rtol=0, atol=1e-6, err_msg=case)
        starts = [np.nan if query.start is None else query.start for query in expected]
        np.testing.assert_allclose(out.start, starts, rtol=0, atol=1e-6, err_msg=case)
