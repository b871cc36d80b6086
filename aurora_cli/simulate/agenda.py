"""What is in flight, by time: a binary heap in arrays.

The standard library's ``heapq`` compiles too, but a list of tuples is allocated and counted at each step.
Two events are never equal: ``order`` is unique.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Agenda(NamedTuple):
    """Events ``(capacity,)``: when, which of one moment comes first, and whose."""

    time: NDArray[np.float64]
    order: NDArray[np.int64]
    query: NDArray[np.int64]


def empty(capacity: int) -> Agenda:
    """Make room for so many events."""
    return Agenda(
        time=np.empty(capacity), order=np.empty(capacity, np.int64), query=np.empty(capacity, np.int64)
    )


def first(agenda: Agenda) -> tuple[float, int, int]:
    """Look at the first event; there must be one."""
    return agenda.time[0], agenda.order[0], agenda.query[0]


def push(agenda: Agenda, size: int, time: float, order: int, query: int) -> int:
    """Add an event to the ``size`` that are there, and return how many there are then."""
    at = size
    while at > 0:
        parent = (at - 1) >> 1
        if time > agenda.time[parent] or (time == agenda.time[parent] and order > agenda.order[parent]):
            break
        move(agenda, parent, at)
        at = parent
    agenda.time[at] = time
    agenda.order[at] = order
    agenda.query[at] = query
    return size + 1


def drop_first(agenda: Agenda, size: int) -> int:
    """Remove the first of ``size`` events, and return how many are left."""
    last = size - 1
    time, order = agenda.time[last], agenda.order[last]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= last:
            break
        if child + 1 < last:  # without a branch, which would be mispredicted at every level
            right, left = agenda.time[child + 1], agenda.time[child]
            child += int((right < left) | ((right == left) & (agenda.order[child + 1] < agenda.order[child])))
        if time < agenda.time[child] or (time == agenda.time[child] and order < agenda.order[child]):
            break
        move(agenda, child, at)
        at = child
    move(agenda, last, at)
    return last


def move(agenda: Agenda, source: int, target: int) -> None:
    """Copy the event at one index to another."""
    agenda.time[target] = agenda.time[source]
    agenda.order[target] = agenda.order[source]
    agenda.query[target] = agenda.query[source]
