"""A rate limit: the window or the bucket, and the refusal of a wait that is too long.

The memory is the window's ring of starts, or a single cell with the bucket's theoretical arrival time; the
state is the index of the oldest entry, and stays 0 for the bucket.
"""

import math
from collections.abc import MutableSequence
from typing import Final, NamedTuple

from aurora_core.laws import bucket, window

UNLIMITED: Final = 0
WINDOW: Final = 1
BUCKET: Final = 2

NEVER: Final = -math.inf
"""When the request before the first one started; fills a new memory."""

FRESH: Final = 0
"""The state of a new memory."""

EQUAL_S: Final = 1e-6
"""Two times that differ by less are equal: a wait of exactly the longest one is admitted.

Sums of the same times differ in their last bits, by 1e-13 s in a real log.
"""


class LimitPolicy(NamedTuple):
    """``kind`` is one of the constants above; ``requests`` is the memory's size, ``burst`` the bucket's."""

    kind: int
    requests: int
    interval_s: float
    burst: float
    max_wait_s: float


def reserve(
    policy: LimitPolicy,
    oldest: int,
    memory: MutableSequence[float],
    now: float,
    max_wait_s: float,
    places: int,
) -> tuple[int, float, float]:
    """Take a place if it is free within ``max_wait_s``.

    Returns the new state, the start (infinity: refused, nothing changed) and the wait in seconds. With a
    ``max_wait_s`` of 0 a request that is admitted starts now; below 0 nothing changes, and the wait is said.
    """
    if policy.kind == WINDOW:
        start = window.earliest(memory, oldest, now, places)
    elif policy.kind == BUCKET:
        start = bucket.earliest(policy.interval_s, policy.burst, memory[0], now, float(places))
    else:
        start = now
    wait = start - now
    if max_wait_s < 0.0 or wait > max_wait_s + EQUAL_S:
        return oldest, math.inf, wait
    if policy.kind == WINDOW:
        oldest = window.take(memory, oldest, start, places)
    elif policy.kind == BUCKET:
        memory[0] = bucket.take(policy.interval_s, memory[0], start, float(places))
    if max_wait_s == 0.0:
        return oldest, now, 0.0
    return oldest, start, wait


def give_back(
    policy: LimitPolicy, oldest: int, memory: MutableSequence[float], start: float, places: int
) -> int:
    """Undo the last reservation, which was for ``start`` and had to wait; returns the state of before."""
    if policy.kind == WINDOW:
        return window.give_back(memory, oldest, start, places)
    if policy.kind == BUCKET:
        memory[0] = bucket.give_back(policy.interval_s, memory[0], float(places))
    return oldest
