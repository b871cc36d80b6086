"""The sliding window: never more than N starts in any rolling 60 seconds.

A reservation, not a count: ``start = max(now, previous start, start of the N-th request before + 60)``.
The memory is a ring of the last N starts, the state the index of the oldest: a step costs the same for any N.
"""

import math
from collections.abc import MutableSequence
from typing import Final

PERIOD_S: Final = 60.0


def earliest(starts: MutableSequence[float], oldest: int, now: float, places: int) -> float:
    """When a request of that many places may start, in seconds; it takes them all at once."""
    blocking = oldest + places - 1
    if blocking >= len(starts):
        blocking -= len(starts)
    full_until = starts[blocking] + PERIOD_S
    previous = starts[oldest - 1]
    if full_until > now and full_until > previous:
        return full_until
    return max(now, previous)


def take(starts: MutableSequence[float], oldest: int, start: float, places: int) -> int:
    """Write the start into the ring, once a place; returns the index of the new oldest."""
    while places > 0:
        starts[oldest] = start
        oldest += 1
        if oldest == len(starts):
            oldest = 0
        places -= 1
    return oldest


def give_back(starts: MutableSequence[float], oldest: int, start: float, places: int) -> int:
    """Undo the last :func:`take`, which made a request wait until ``start``; returns the oldest of before.

    What the ring held there is forgotten. A start just above ``start - 60`` in its place leads to the same
    start for a next request of as many places; one of fewer may start later than it need, never earlier.
    """
    for _ in range(places):
        oldest = len(starts) - 1 if oldest == 0 else oldest - 1
        starts[oldest] = math.nextafter(start - PERIOD_S, math.inf)
    return oldest
