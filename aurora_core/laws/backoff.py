"""The delay before a retry: exponential, capped, then spread.

Jitter comes after the cap, so that clients whose delay has reached it still spread (M. Brooker,
"Exponential Backoff And Jitter", 2015).
"""

import math
from typing import Final, NamedTuple

NO_JITTER: Final = 0
FULL_JITTER: Final = 1
EQUAL_JITTER: Final = 2


class BackoffPolicy(NamedTuple):
    """``capped_from`` is the first retry whose delay is the cap: beyond it nothing is raised to a power."""

    base_s: float
    cap_s: float
    multiplier: float
    capped_from: float
    jitter: int


def capped(policy: BackoffPolicy, retry: int) -> float:
    """``min(cap, base * multiplier ** retry)`` in seconds; the first retry is number 0."""
    if retry >= policy.capped_from:
        return policy.cap_s
    return min(policy.cap_s, policy.base_s * math.pow(policy.multiplier, float(retry)))


def delay(policy: BackoffPolicy, retry: int, uniform: float) -> float:
    """Seconds to wait before retry ``retry``, given a uniform number in [0, 1)."""
    exact = capped(policy, retry)
    if policy.jitter == FULL_JITTER:
        return uniform * exact
    if policy.jitter == EQUAL_JITTER:
        return exact / 2.0 + uniform * (exact / 2.0)
    return exact
