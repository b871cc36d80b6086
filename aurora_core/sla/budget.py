"""The error budget: how many bad requests a target leaves, and how fast they are spent.

Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs".
"""

import math
from typing import Final, Literal, NamedTuple

from aurora_core.time_units import DAY_S, HOUR_S


class Budget(NamedTuple):
    """``allowed`` bad requests, and how many there were; a budget may be overspent."""

    allowed: float
    bad: int

    @property
    def left(self) -> float:
        """What may still go wrong; below 0 where too much did."""
        return self.allowed - self.bad

    @property
    def spent(self) -> float:
        """The share that is spent; NaN where nothing was allowed and nothing happened."""
        if self.allowed:
            return self.bad / self.allowed
        return math.inf if self.bad else math.nan


class BurnAlert(NamedTuple):
    """Fires where the budget burns too fast over a long window, and still does over a short one.

    ``budget_share`` of the whole budget would be gone at the end of the long window. Both windows in seconds.
    """

    kind: Literal["page", "ticket"]
    budget_share: float
    long_s: float
    short_s: float

    def threshold(self, window_s: float) -> float:
        """The burn rate that spends ``budget_share`` of a budget for ``window_s`` in the long window."""
        return self.budget_share * window_s / self.long_s


BURN_WINDOWS_S: Final = (
    300.0,
    1800.0,
    HOUR_S,
    2 * HOUR_S,
    6 * HOUR_S,
    DAY_S,
    3 * DAY_S,
)
"""What burn rates are told over: 5 min, 30 min, 1 h, 2 h, 6 h, 1 d, 3 d."""

BURN_ALERTS: Final = (
    BurnAlert("page", 0.02, HOUR_S, 300.0),
    BurnAlert("page", 0.05, 6 * HOUR_S, 1800.0),
    BurnAlert("ticket", 0.10, DAY_S, 2 * HOUR_S),
    BurnAlert("ticket", 0.10, 3 * DAY_S, 6 * HOUR_S),
)
"""The workbook's table: for 30 days burn rates of 14.4, 6, 3 and 1."""


def error_budget(target: float, requests: int, bad: int) -> Budget:
    """The budget that a target, a share from 0 to 1, leaves of so many requests."""
    return Budget((1.0 - target) * requests, bad)


def burn_rate(target: float, requests: int, bad: int) -> float:
    """The error rate as a multiple of what the target allows, up to :func:`ceiling`; NaN without requests."""
    if not requests:
        return math.nan
    return bad / requests / (1.0 - target)


def ceiling(target: float) -> float:
    """The burn rate where everything fails."""
    return 1.0 / (1.0 - target)
