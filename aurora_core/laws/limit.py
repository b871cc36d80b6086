"""A rate limit: the window or the bucket, and the refusal of a wait that is too long."""

import math
from collections.abc import MutableSequence
from typing import Final, NamedTuple

from aurora_core.laws import bucket, window

UNLIMITED: Final = 0
WINDOW: Final = 1
BUCKET: Final = 2


class LimitPolicy(NamedTuple):
    """``kind`` is one of the constants above; ``burst`` counts for the bucket only."""

    kind: int
    requests: int
    interval_s: float
    burst: float
    max_wait_s: float


class LimitState(NamedTuple):
    """``oldest``: index into the window's ring; ``tat``: the bucket's one number, in seconds."""

    oldest: int
    tat: float


NEVER: Final = -math.inf
"""When the request before the first one started; fills a new ring."""

FRESH: Final = LimitState(oldest=0, tat=NEVER)


def earliest(
    policy: LimitPolicy, state: LimitState, starts: MutableSequence[float], now: float, places: int
) -> float:
    """When a request that asks now may start, in seconds on the same clock."""
    if policy.kind == WINDOW:
        return window.earliest(starts, state.oldest, now, places)
    if policy.kind == BUCKET:
        return bucket.earliest(policy.interval_s, policy.burst, state.tat, now, float(places))
    return now


def take(
    policy: LimitPolicy,
    state: LimitState,
    starts: MutableSequence[float],
    start: float,
    places: int,
) -> LimitState:
    """The state after a request that starts at ``start``."""
    if policy.kind == WINDOW:
        return LimitState(oldest=window.take(starts, state.oldest, start, places), tat=state.tat)
    if policy.kind == BUCKET:
        tat = bucket.take(policy.interval_s, state.tat, start, float(places))
        return LimitState(oldest=state.oldest, tat=tat)
    return state


def reserve(
    policy: LimitPolicy,
    state: LimitState,
    starts: MutableSequence[float],
    now: float,
    max_wait_s: float,
    places: int,
) -> tuple[LimitState, float, float]:
    """Take a place if it is free within ``max_wait_s``.

    Returns the new state, the start (infinity: refused, the state is unchanged) and the wait in seconds.
    """
    start = earliest(policy, state, starts, now, places)
    wait = start - now
    if wait > max_wait_s:
        return state, math.inf, wait
    return take(policy, state, starts, start, places), start, wait
