"""What is in flight, by time: a binary heap in arrays.

The standard library's ``heapq`` compiles too, but a list of tuples is allocated and counted at each step.
Two events are never equal: ``order`` is unique.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class EventQueue(NamedTuple):
    """Events ``(capacity,)``: when, which of one moment comes first, and whose."""

    time: NDArray[np.float64]
    order: NDArray[np.int64]
    query: NDArray[np.int64]


def empty(capacity: int) -> EventQueue:
    """Make room for so many events."""
    return EventQueue(
        time=np.empty(capacity), order=np.empty(capacity, np.int64), query=np.empty(capacity, np.int64)
    )


def peek(event_queue: EventQueue) -> tuple[float, int, int]:
    """Look at the first event; there must be one."""
    return event_queue.time[0], event_queue.order[0], event_queue.query[0]


def push(event_queue: EventQueue, size: int, time: float, order: int, query: int) -> int:
    """Add an event to the ``size`` that are there, and return how many there are then."""
    at = size
    while at > 0:
        parent = (at - 1) >> 1
        if time > event_queue.time[parent] or (
            time == event_queue.time[parent] and order > event_queue.order[parent]
        ):
            break
        move(event_queue, parent, at)
        at = parent
    event_queue.time[at] = time
    event_queue.order[at] = order
    event_queue.query[at] = query
    return size + 1


def pop(event_queue: EventQueue, size: int) -> int:
    """Remove the first of ``size`` events, and return how many are left."""
    last = size - 1
    time, order = event_queue.time[last], event_queue.order[last]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= last:
            break
        if child + 1 < last:  # without a branch, which would be mispredicted at every level
            right, left = event_queue.time[child + 1], event_queue.time[child]
            child += int(
                (right < left) | ((right == left) & (event_queue.order[child + 1] < event_queue.order[child]))
            )
        if time < event_queue.time[child] or (
            time == event_queue.time[child] and order < event_queue.order[child]
        ):
            break
        move(event_queue, child, at)
        at = child
    move(event_queue, last, at)
    return last


def move(event_queue: EventQueue, source: int, target: int) -> None:
    """Copy the event at one index to another."""
    event_queue.time[target] = event_queue.time[source]
    event_queue.order[target] = event_queue.order[source]
    event_queue.query[target] = event_queue.query[source]
