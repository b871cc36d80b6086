"""The token bucket as one number: the generic cell rate algorithm (GCRA, ITU-T I.371).

``tat`` is the theoretical arrival time of the next request if all came evenly spaced. A bucket of size
``burst`` refilled every ``interval_s`` lets a request start at ``tat - (burst - 1) * interval_s``.
"""


def earliest(interval_s: float, burst: float, tat: float, now: float, places: float) -> float:
    """When a request of that many places may start, in seconds."""
    return max(now, tat - (burst - places) * interval_s)


def take(interval_s: float, tat: float, start: float, places: float) -> float:
    """The theoretical arrival time after a request that starts at ``start``."""
    return max(start, tat) + places * interval_s


def give_back(interval_s: float, tat: float, places: float) -> float:
    """The theoretical arrival time as if the last request had not been."""
    return tat - places * interval_s
