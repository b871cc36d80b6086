"""What a replay is asked: the service's numbers and the provider's, in the user's units."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aurora_cli.options import ProviderLimit, RetryAfter
from aurora_cli.simulate import provider
from aurora_cli.simulate.provider import ProviderPolicy
from aurora_cli.simulate.statuses import THROTTLED, TRANSIENT
from aurora_cli.simulate.workload import Workload
from aurora_cli.simulate.world import Traffic, World
from aurora_core.laws.limit import LimitPolicy
from aurora_core.laws.window import PERIOD_S
from aurora_core.resilience import policies
from aurora_core.types import Jitter, LimitScope

_LAYOUT: Final = ("C", "W")
"""One layout for all arrays: a read-only one would compile the kernel a second time."""

_MOST_RETRIES: Final = 1_000_000
"""A replay makes room for every attempt that there could be."""

_RETRY_AFTER: Final[dict[str, int]] = {
    "reset": provider.UNTIL_RESET,
    "next": provider.UNTIL_NEXT_PLACE,
    "none": provider.NO_RETRY_AFTER,
}


@dataclass(frozen=True)
class Policy:
    """The service's own limiter, retry and breaker; the defaults are the guide's.

    ``rpm`` None: no limiter. ``breaker_threshold`` None: no breaker. Times as their names say.
    """

    rpm: float | None = 60.0
    max_wait_s: float = 60.0
    burst: float | None = None
    max_retries: int = 3
    base_delay_ms: float = 100.0
    max_delay_ms: float = 5000.0
    multiplier: float = 2.0
    jitter: Jitter = "none"
    limit_per: LimitScope = "attempt"
    breaker_threshold: int | None = 5
    breaker_timeout_s: float = 60.0


@dataclass(frozen=True)
class Provider:
    """The provider that answers.

    ``rpm`` None: it does not limit. ``limit``: a sliding window, a bucket that starts full, or a count a
    calendar minute. ``retry_after``: its 429 asks to wait until the limit is whole again, or until the
    next place is free, or says nothing. ``error_rate`` None: attempts fail as the log recorded.
    """

    rpm: float | None = None
    limit: ProviderLimit = "window"
    retry_after: RetryAfter = "reset"
    error_rate: float | None = None


def world(policy: Policy, upstream: Provider, seed: int) -> World:
    """Turn the user's numbers into the laws' policies. ``ValueError`` names a number that makes no sense."""
    if not 0 <= seed < 1 << 63:
        raise ValueError(f"seed must be from 0 to 2**63 - 1, not {seed}")
    if policy.max_retries > _MOST_RETRIES:
        raise ValueError(
            f"max_retries must be at most {_MOST_RETRIES:,} in a replay, not {policy.max_retries}"
        )
    return World(
        limiter=_limiter(policy),
        limit_per_call=policy.limit_per == "call",
        retry=policies.retry_policy(
            policy.max_retries,
            policy.base_delay_ms,
            policy.max_delay_ms,
            policy.multiplier,
            policy.jitter,
        ),
        breaker=policies.no_breaker()
        if policy.breaker_threshold is None
        else policies.breaker_policy(policy.breaker_threshold, policy.breaker_timeout_s),
        provider=_provider(upstream),
        seed=np.uint64(seed),
    )


def traffic(workload: Workload) -> Traffic:
    """Lay the workload out as the kernel wants it."""
    return Traffic(
        arrival=np.require(workload.arrival_s, np.float64, _LAYOUT),
        service=np.require(workload.service_s, np.float64, _LAYOUT),
        recorded=np.require(workload.recorded, np.int8, _LAYOUT),
        failing_share=failing_share(workload.arrival_s, workload.recorded),
    )


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


def compare(policy: Policy, rpms: Sequence[float | None]) -> list[Policy]:
    """Give one policy for each limit."""
    return [Policy(**{**vars(policy), "rpm": rpm}) for rpm in rpms]


def _limiter(policy: Policy) -> LimitPolicy:
    if policy.rpm is None:
        return policies.unlimited()
    return policies.limit_policy(policy.rpm, policy.max_wait_s, policy.burst)


def _provider(upstream: Provider) -> ProviderPolicy:
    rpm, rate = upstream.rpm, upstream.error_rate
    if rate is not None and not 0 <= rate <= 1:
        raise ValueError(f"error_rate must be from 0 to 1, not {rate}")
    if rpm is None:
        limiter = policies.unlimited()
    elif upstream.limit == "bucket":
        limiter = policies.limit_policy(rpm, math.inf, max(1.0, rpm))
    else:
        limiter = policies.limit_policy(rpm, math.inf)
    fixed = upstream.limit == "fixed" and rpm is not None
    return ProviderPolicy(
        limit=policies.unlimited() if fixed else limiter,
        fixed_limit=limiter.requests if fixed else 0,
        retry_after=_RETRY_AFTER[upstream.retry_after],
        error_rate=-1.0 if rate is None else float(rate),
    )
