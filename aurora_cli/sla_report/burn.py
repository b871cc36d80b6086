"""How fast the error budget of availability is spent at the end of the period."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from aurora_cli.sla_report.timeline import Minute
from aurora_core.sla.budget import BURN_ALERTS, BURN_WINDOWS_S, BurnAlert, burn_rate


@dataclass(frozen=True)
class BurnRate:
    """The burn rate over the last ``window_s``; NaN without measurements as fine as the window."""

    window_s: float
    rate: float


@dataclass(frozen=True)
class BurnAlertState:
    """A burn alert with its threshold; it is firing if both of its windows are at or above it."""

    alert: BurnAlert
    threshold: float
    firing: bool


def compute_burn_rates(timeline: Sequence[Minute], end_s: int, target: float) -> list[BurnRate]:
    """Compute the burn rate over each of the workbook's windows that ends at ``end_s``."""
    return [
        BurnRate(window, _rate_between(timeline, end_s - window, end_s, target)) for window in BURN_WINDOWS_S
    ]


def evaluate_burn_alerts(burn_rates: Sequence[BurnRate], window_s: float) -> list[BurnAlertState]:
    """Compare the burn rates with the thresholds of an SLA over ``window_s``."""
    rates = {burn.window_s: burn.rate for burn in burn_rates}
    states = []
    for alert in BURN_ALERTS:
        threshold = alert.threshold(window_s)
        firing = rates[alert.long_s] >= threshold and rates[alert.short_s] >= threshold
        states.append(BurnAlertState(alert, threshold, firing))
    return states


def _rate_between(timeline: Sequence[Minute], start_s: float, end_s: float, target: float) -> float:
    first = bisect_right(timeline, start_s, key=lambda minute: minute.end_s)
    recent = [minute for minute in timeline[first:] if minute.start_s < end_s]
    if recent and recent[0].start_s < start_s:
        return math.nan  # an hour that reaches beyond the window cannot be divided
    return burn_rate(target, sum(minute.calls for minute in recent), sum(minute.failed for minute in recent))
