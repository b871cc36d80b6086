"""From a scenario and a workload to what the kernel works on."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aurora_cli.simulate import provider, rng
from aurora_cli.simulate.attempt_status import THROTTLED, TRANSIENT
from aurora_cli.simulate.model import LimitPolicies, Parameters, Traffic
from aurora_cli.simulate.provider import ProviderPolicy
from aurora_cli.simulate.scenario import Provider, Scenario
from aurora_cli.simulate.workload import Workload
from aurora_core.config import policies as configured
from aurora_core.laws.rate_limit import LimitPolicy
from aurora_core.laws.window import PERIOD_S
from aurora_core.resilience import policies

_LAYOUT: Final = ("C", "W")
"""One layout for all arrays: a read-only one would compile the kernel a second time."""

_MAX_RETRIES: Final = 1_000_000
"""A replay makes room for every attempt that there could be."""
_MAX_WORKERS: Final = 10_000

_RETRY_AFTER: Final[dict[str, int]] = {
    "reset": provider.UNTIL_RESET,
    "next": provider.UNTIL_NEXT_PLACE,
    "none": provider.NO_RETRY_AFTER,
}


def parameters(scenario: Scenario, upstream: Provider, seed: int) -> Parameters:
    """Turn the settings into the laws' policies. ``ValueError`` names a number that is out of range."""
    limit = scenario.rate_limit
    if not 0 <= seed < 1 << 63:
        raise ValueError(f"seed must be from 0 to 2**63 - 1, not {seed}")
    if scenario.retry.max_retries > _MAX_RETRIES:
        raise ValueError(
            f"max_retries must be at most {_MAX_RETRIES:,} in a replay, not {scenario.retry.max_retries}"
        )
    if not 1 <= limit.workers <= _MAX_WORKERS:
        raise ValueError(f"workers must be from 1 to {_MAX_WORKERS:,} in a replay, not {limit.workers}")
    return Parameters(
        limiters=_lanes(_limiters(scenario), limit.workers),
        limit_per_call=limit.per == "call",
        retry=configured.retry_policy(scenario.retry),
        breaker=configured.breaker_policy(scenario.breaker) or policies.no_breaker(),
        budget=configured.budget_policy(scenario.retry) or policies.no_budget(),
        workers=limit.workers,
        provider=_provider(upstream),
        seed=np.uint64(seed),
    )


def traffic(workload: Workload, scenario: Scenario, seed: int = 0) -> Traffic:
    """Lay the workload out as the kernel wants it, each query in its lane."""
    workers = scenario.rate_limit.workers
    return Traffic(
        arrival=np.require(workload.arrival_s, np.float64, _LAYOUT),
        service=np.require(workload.service_s, np.float64, _LAYOUT),
        recorded=np.require(workload.recorded, np.int8, _LAYOUT),
        lane=tiers(workload, scenario) * np.int32(workers) + deal(seed, len(workload), workers),
        failing_share=failing_share(workload.arrival_s, workload.recorded),
    )


def tiers(workload: Workload, scenario: Scenario) -> NDArray[np.int32]:
    """Number the tier of each query ``(n,)``: 0 is the settings' own limit, then the tiers in their order."""
    limit = scenario.rate_limit
    if not limit.tiers:
        return np.zeros(len(workload), np.int32)
    if workload.model is None:
        index = configured.tier_index(limit, scenario.llm.model, scenario.llm.provider)
        return np.full(len(workload), 0 if index is None else index + 1, np.int32)
    found = [configured.tier_index(limit, name) for name in workload.models]
    own = configured.tier_index(limit, scenario.llm.model, scenario.llm.provider)
    numbers = [0 if index is None else index + 1 for index in (*found, own)]
    return np.array(numbers, np.int32)[workload.model]  # a query without a model, -1, takes the last


def deal(seed: int, queries: int, workers: int) -> NDArray[np.int32]:
    """Deal the queries to the workers by (seed, query): the worker of each, ``(n,)``."""
    if workers == 1:
        return np.zeros(queries, np.int32)
    with np.errstate(over="ignore"):
        hashed = rng.shuffle(np.uint64(seed), np.arange(queries, dtype=np.uint64))
    return (hashed % np.uint64(workers)).astype(np.int32)


def failing_share(arrival_s: NDArray[np.float64], recorded: NDArray[np.int8]) -> NDArray[np.float64]:
    """For each minute the share of its queries that failed for a while.

    A minute without queries takes the share of the nearest that has some; of two, the earlier.
    """
    if len(arrival_s) == 0:
        return np.zeros(1)
    minute = (arrival_s / PERIOD_S).astype(np.int64)
    failing = (recorded == TRANSIENT) | (recorded == THROTTLED)
    queries = np.bincount(minute)
    failures = np.bincount(minute, weights=failing)
    measured = np.flatnonzero(queries)
    every = np.arange(len(queries))
    after = np.searchsorted(measured, every).clip(max=len(measured) - 1)
    before = (after - (measured[after] > every)).clip(min=0)
    earlier, later = measured[before], measured[after]
    nearest = np.where(every - earlier <= later - every, earlier, later)
    return np.asarray(failures[nearest] / queries[nearest], np.float64)


def _limiters(scenario: Scenario) -> list[LimitPolicy]:
    tiers = (None, *scenario.rate_limit.tiers)
    if not scenario.limited:
        return [policies.unlimited() for _ in tiers]
    return [configured.limiter_policy(scenario.rate_limit, tier) for tier in tiers]


def _lanes(limiters: list[LimitPolicy], workers: int) -> LimitPolicies:
    """Give each worker the limiters of all tiers, tier by tier."""
    lanes = [limiter for limiter in limiters for _ in range(workers)]
    begin = np.cumsum([0, *(limiter.requests for limiter in lanes)])
    return LimitPolicies(
        kind=np.array([limiter.kind for limiter in lanes], np.int64),
        requests=np.array([limiter.requests for limiter in lanes], np.int64),
        interval_s=np.array([limiter.interval_s for limiter in lanes]),
        burst=np.array([limiter.burst for limiter in lanes]),
        max_wait_s=np.array([limiter.max_wait_s for limiter in lanes]),
        begin=begin.astype(np.int64),
    )


def _provider(upstream: Provider) -> ProviderPolicy:
    rpm, rate = upstream.rpm, upstream.error_rate
    if rate is not None and not 0 <= rate <= 1:
        raise ValueError(f"error_rate must be from 0 to 1, not {rate}")
    if rpm is None:
        limiter = policies.unlimited()
    elif upstream.limit == "token-bucket":
        limiter = policies.limit_policy(rpm, math.inf, max(1.0, rpm))
    else:
        limiter = policies.limit_policy(rpm, math.inf)
    fixed = upstream.limit == "fixed-window" and rpm is not None
    return ProviderPolicy(
        limit=policies.unlimited() if fixed else limiter,
        fixed_limit=limiter.requests if fixed else 0,
        retry_after=_RETRY_AFTER[upstream.retry_after],
        error_rate=-1.0 if rate is None else float(rate),
    )
