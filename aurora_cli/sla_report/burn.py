"""How fast the error budget of availability is being spent, at the end of the period."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from aurora_cli.sla_report.minutes import Minute
from aurora_core.sla.budget import BURN_ALERTS, BURN_WINDOWS_S, BurnAlert, burn_rate


@dataclass(frozen=True)
class Burn:
    """The burn rate over the last ``window_s``; NaN where nothing was measured so finely."""

    window_s: float
    rate: float


@dataclass(frozen=True)
class BurnState:
    """An alert of the workbook's table with its threshold, and whether both of its windows are above it."""

    alert: BurnAlert
    threshold: float
    firing: bool


def burns(line: Sequence[Minute], end_s: int, target: float) -> list[Burn]:
    """The burn rate over each of the workbook's windows that ends at ``end_s``."""
    return [Burn(window, _rate(line, end_s - window, end_s, target)) for window in BURN_WINDOWS_S]


def burn_states(found: Sequence[Burn], window_s: float) -> list[BurnState]:
    """Hold the burn rates against the alerts of an SLA over ``window_s``."""
    rates = {burn.window_s: burn.rate for burn in found}
    states = []
    for alert in BURN_ALERTS:
        threshold = alert.threshold(window_s)
        firing = rates[alert.long_s] >= threshold and rates[alert.short_s] >= threshold
        states.append(BurnState(alert, threshold, firing))
    return states


def _rate(line: Sequence[Minute], start_s: float, end_s: float, target: float) -> float:
    first = bisect_right(line, start_s, key=lambda minute: minute.end_s)
    recent = [minute for minute in line[first:] if minute.start_s < end_s]
    if recent and recent[0].start_s < start_s:
        return math.nan  # an hour that reaches beyond the window cannot be taken apart
    return burn_rate(target, sum(minute.calls for minute in recent), sum(minute.failed for minute in recent))
