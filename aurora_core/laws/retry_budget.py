"""The retry budget: credits that successes earn and retries spend."""

from typing import Final, NamedTuple

_ROUNDING: Final = 1e-9
"""Ten deposits of a tenth add up to a little less than one."""


class BudgetPolicy(NamedTuple):
    """A success adds ``ratio`` credits, up to ``capacity``; a retry takes one."""

    ratio: float
    capacity: float


def deposit(policy: BudgetPolicy, saved: float) -> float:
    """The credits after a success."""
    return min(policy.capacity, saved + policy.ratio)


def withdraw(saved: float) -> tuple[float, bool]:
    """The credits after a retry asked for one, and whether it got it."""
    if saved < 1.0 - _ROUNDING:
        return saved, False
    return max(0.0, saved - 1.0), True
