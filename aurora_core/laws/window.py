"""The sliding window: never more than N starts in any rolling 60 seconds.

A reservation, not a count: ``start = max(now, previous start, start of the N-th request before + 60)``.
The state is a ring of the last N starts and the index of the oldest, so a step costs the same for any N.
"""

from collections.abc import MutableSequence
from typing import Final

PERIOD_S: Final = 60.0


def earliest(starts: MutableSequence[float], oldest: int, now: float, places: int) -> float:
    """When a request of that many places may start, in seconds; it takes them all at once."""
    blocking = oldest + places - 1
    if blocking >= len(starts):
        blocking -= len(starts)
    return max(now, starts[oldest - 1], starts[blocking] + PERIOD_S)


def take(starts: MutableSequence[float], oldest: int, start: float, places: int) -> int:
    """Write the start into the ring, once a place; returns the index of the new oldest."""
    for _ in range(places):
        starts[oldest] = start
        oldest += 1
        if oldest == len(starts):
            oldest = 0
    return oldest
