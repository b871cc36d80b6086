"""The provider of a replay: its own limit, and the fate of each attempt."""

import math
from collections.abc import MutableSequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aurora_cli.simulate import rng
from aurora_cli.simulate.attempt_status import OK, TRANSIENT
from aurora_core.laws import rate_limit
from aurora_core.laws.rate_limit import LimitPolicy
from aurora_core.laws.window import PERIOD_S

NO_RETRY_AFTER: Final = 0
UNTIL_NEXT_PLACE: Final = 1
UNTIL_RESET: Final = 2


class ProviderPolicy(NamedTuple):
    """What limits and fails.

    ``limit``: window, bucket or unlimited; ``fixed_limit``: requests a calendar minute of the log
    instead (0: none). ``retry_after``: what a 429 asks for, a constant above. ``error_rate``: the share of
    attempts that fail; negative: as recorded in the log.
    """

    limit: LimitPolicy
    fixed_limit: int
    retry_after: int
    error_rate: float


class ProviderState(NamedTuple):
    """``oldest`` is the window's; ``minute`` and ``served`` are the fixed limit's."""

    oldest: int
    minute: float
    served: int


FRESH: Final = ProviderState(oldest=rate_limit.FRESH, minute=-1.0, served=0)


def accept(
    policy: ProviderPolicy, state: ProviderState, starts: MutableSequence[float], now: float
) -> tuple[ProviderState, bool, float]:
    """Whether a request sent now is served, or gets 429; and the seconds that the 429 asks to wait."""
    if policy.fixed_limit > 0:
        return _accept_fixed(policy, state, now)
    after, start, wait = rate_limit.reserve(policy.limit, state.oldest, starts, now, 0.0, 1)
    if start < math.inf:
        return ProviderState(oldest=after, minute=state.minute, served=state.served), True, 0.0
    if policy.retry_after == UNTIL_RESET:
        wait = _whole_again(policy.limit, state.oldest, starts) - now
    return state, False, _round_up_wait(policy, wait)


def _accept_fixed(
    policy: ProviderPolicy, state: ProviderState, now: float
) -> tuple[ProviderState, bool, float]:
    minute = math.floor(now / PERIOD_S) * 1.0
    served = state.served if minute == state.minute else 0
    if served < policy.fixed_limit:
        return ProviderState(oldest=state.oldest, minute=minute, served=served + 1), True, 0.0
    return state, False, _round_up_wait(policy, (minute + 1.0) * PERIOD_S - now)


def _whole_again(policy: LimitPolicy, oldest: int, starts: MutableSequence[float]) -> float:
    """When no place is taken any more: what the providers' reset headers say."""
    if policy.kind == rate_limit.WINDOW:
        return starts[oldest - 1] + PERIOD_S
    return starts[0]


def _round_up_wait(policy: ProviderPolicy, wait: float) -> float:
    """Round up to the millisecond of the ``retry-after-ms`` header, so that it is never a bit too short."""
    if policy.retry_after == NO_RETRY_AFTER:
        return 0.0
    return math.ceil(wait * 1000.0) / 1000.0


def fate(
    policy: ProviderPolicy,
    recorded: int,
    failing_share: NDArray[np.float64],
    seed: np.uint64,
    query: int,
    attempt: int,
    start: float,
) -> int:
    """What becomes of a request that is served: a constant of :mod:`attempt_status`.

    ``failing_share`` holds, for each minute of the log, the share of its queries that failed for a while;
    a retry of a recorded failure fails with that of the minute in which it is sent.
    """
    if policy.error_rate >= 0.0:
        share = policy.error_rate
    elif attempt == 0:
        return recorded
    else:
        share = failing_share[min(int(start / PERIOD_S), len(failing_share) - 1)]
    return TRANSIENT if rng.uniform(seed, query, attempt, rng.FAULT) < share else OK
