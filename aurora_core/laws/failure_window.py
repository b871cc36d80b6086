"""The failures among the calls of the last ``window_s`` seconds, in constant memory.

Time is cut into slices of ``window_s / SLICES``; a ring keeps three numbers a slice: which slice it is,
its calls and its failures. What is older than the window never counts, what is younger than
``window_s * (1 - 1/SLICES)`` always does.
"""

import math
from collections.abc import MutableSequence
from typing import Final

SLICES: Final = 60
RING_SIZE: Final = 3 * SLICES
EMPTY: Final = -math.inf
"""The number of a slice in which no call was counted; fills a new ring."""
_CALLS: Final = SLICES
_FAILURES: Final = 2 * SLICES


def record(ring: MutableSequence[float], window_s: float, now: float, failures: float) -> None:
    """Count one call that came to its end now, and its failure (0 or 1)."""
    tick = math.floor(now * SLICES / window_s)
    slot = int(tick % SLICES)
    if ring[slot] != tick:
        ring[slot] = tick
        ring[_CALLS + slot] = 0.0
        ring[_FAILURES + slot] = 0.0
    ring[_CALLS + slot] += 1.0
    ring[_FAILURES + slot] += failures


def count(ring: MutableSequence[float], window_s: float, now: float) -> tuple[float, float]:
    """Calls and failures of the window that ends now."""
    first = math.floor(now * SLICES / window_s) - SLICES
    calls = 0.0
    failures = 0.0
    for slot in range(SLICES):
        if ring[slot] > first:
            calls += ring[_CALLS + slot]
            failures += ring[_FAILURES + slot]
    return calls, failures


def clear(ring: MutableSequence[float]) -> None:
    """Forget all calls; a new ring is cleared before its first use."""
    for slot in range(SLICES):
        ring[slot] = EMPTY
