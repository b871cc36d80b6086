"""The replay against an independent SimPy model: every query's outcome and times."""

import numpy as np
import pytest
from scenarios import scenario

from aurora_cli.simulate import Provider, Workload, replay
from aurora_cli.simulate.attempt_status import NON_RETRYABLE, OK, THROTTLED, TRANSIENT
from aurora_cli.simulate.outcomes import NAMES, REASONS
from aurora_cli.simulate.prepare import failing_share
from aurora_core.config.sections import rate_limit
from models.in_simpy import dealer, simulate, splitmix
from models.simpy_parts import System, Tier

WORKLOADS = 260
WORDS = {OK: "ok", TRANSIENT: "transient", THROTTLED: "throttled", NON_RETRYABLE: "fatal"}
MODELS = ("claude-3-haiku", "gpt-4", "gpt-4o", "gpt-4o-mini")
TIERS = (
    rate_limit.Tier(provider="openai", model="gpt-4o", rpm=11),
    rate_limit.Tier(provider="anthropic", model="claude*", rpm=7, burst=2.5),
    rate_limit.Tier(provider="custom", model="gpt-4*", rpm=5),
    rate_limit.Tier(provider="openai", model="gpt-4-*", rpm=13),
)


def random_case(number):
    rng = np.random.default_rng(number)
    n = int(rng.integers(1, 160))
    gaps = rng.exponential(rng.choice([0.05, 0.5, 1.5]), n) * rng.choice([0.2, 1, 6], n)
    arrival = np.cumsum(gaps)
    workload = Workload(
        arrival_s=arrival - arrival[0],
        service_s=rng.lognormal(-0.5, 1.0, n),
        recorded=rng.choice(4, n, p=[0.7, 0.2, 0.05, 0.05]).astype(np.int8),
        model=rng.integers(-1, len(MODELS), n).astype(np.int32) if rng.random() < 0.5 else None,
        models=MODELS,
    )
    provider = Provider(
        rpm=int(rng.integers(1, 90)) if rng.random() < 0.6 else None,
        limit=str(rng.choice(["sliding-window", "token-bucket", "fixed-window"])),
        retry_after=str(rng.choice(["reset", "next", "none"])),
        error_rate=float(rng.random()) if rng.random() < 0.4 else None,
    )
    return workload, random_scenario(rng), provider


def random_scenario(rng):
    def sometimes(share, value):
        return value if rng.random() < share else None

    burst = sometimes(0.3, float(rng.integers(1, 20)))
    # A bucket's starts lie on a grid; an odd one keeps two queries from retrying at the very same moment,
    # when who is first depends on the last bit of a sum.
    rpm = int(rng.integers(1, 90)) if burst is None else float(rng.uniform(1, 90))
    return scenario(
        rpm=None if rng.random() < 0.15 else rpm,
        max_wait=float(rng.choice([0.0, 3.3, 60.0, 1e9])),
        burst=burst,
        per=str(rng.choice(["attempt", "call"])),
        workers=int(rng.integers(1, 5)),
        tiers=TIERS[: rng.integers(0, len(TIERS) + 1)],
        max_retries=int(rng.integers(0, 6)),
        jitter=str(rng.choice(["none", "full", "equal"])),
        deadline=sometimes(0.5, float(rng.choice([0.37, 3.21, 31.7, 200.0]))),
        max_retry_after=float(rng.choice([0.0, 7.7, 120.0])),
        budget_ratio=sometimes(0.4, float(rng.choice([0.01, 0.1, 1.0]))),
        failure_threshold=sometimes(0.7, int(rng.integers(1, 8))),
        timeout=float(rng.choice([1.7, 20.0, 60.0])),
        failure_rate=sometimes(0.4, float(rng.choice([0.1, 0.25, 0.5]))),
        minimum_calls=int(rng.integers(1, 12)),
        window=float(rng.choice([5.0, 60.0])),
    )


def system_of(service, provider):
    limit, retry, breaker = service.rate_limit, service.retry, service.breaker
    return System(
        rpm=limit.rpm if service.limited else None,
        burst=limit.burst,
        max_wait=limit.max_wait,
        per_call=limit.per == "call",
        tiers=[Tier(each.provider, each.model, each.rpm, each.burst) for each in limit.tiers],
        model=service.llm.model,
        model_provider=service.llm.provider,
        max_retries=retry.max_retries,
        jitter=retry.jitter,
        max_retry_after=retry.max_retry_after,
        deadline=retry.deadline,
        budget_ratio=retry.budget_ratio,
        threshold=breaker.failure_threshold if breaker.enabled else None,
        timeout=breaker.timeout,
        failure_rate=breaker.failure_rate,
        minimum_calls=breaker.minimum_calls,
        window=breaker.window,
        provider_rpm=provider.rpm,
        provider_limit=provider.limit,
        retry_after=provider.retry_after,
    )


def in_simpy(workload, service, provider, seed):
    shares = failing_share(workload.arrival_s, workload.recorded)
    chance = splitmix(seed)

    def fails(query, attempt, now):
        if provider.error_rate is None and attempt == 0:
            return WORDS[int(workload.recorded[query])]
        share = provider.error_rate
        if share is None:
            share = shares[min(int((now + 1e-9) // 60), len(shares) - 1)]
        return "transient" if chance(query, attempt, 0) < share else "ok"

    models = None
    if workload.model is not None:
        models = [None if index < 0 else workload.models[index] for index in workload.model]
    return simulate(
        system_of(service, provider),
        workload.arrival_s.tolist(),
        workload.service_s.tolist(),
        fails,
        chance,
        dealer(seed, service.rate_limit.workers),
        models,
    )


@pytest.mark.parametrize("block", range(4))
def test_an_independent_model_in_simpy_agrees_on_every_query(block):
    for number in range(block, WORKLOADS, 4):
        workload, service, provider = random_case(number)
        out = replay(workload, service, provider, seed=number).outcomes
        expected = in_simpy(workload, service, provider, number)
        case = f"workload {number}: {service}, {provider}"
        assert [NAMES[kind] for kind in out.outcome] == [query.outcome for query in expected], case
        assert out.attempts.tolist() == [query.attempts for query in expected], case
        assert [REASONS.get(code, "") for code in out.reason] == [query.reason for query in expected], case
        for name in ("end", "wait", "backoff"):
            theirs = [getattr(query, name) for query in expected]
            np.testing.assert_allclose(getattr(out, name), theirs, rtol=0, atol=1e-6, err_msg=case)
        starts = [np.nan if query.start is None else query.start for query in expected]
        np.testing.assert_allclose(out.start, starts, rtol=0, atol=1e-6, err_msg=case)
