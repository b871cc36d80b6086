"""Whether an alert's condition held at the end of each minute of the past."""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from aurora_cli.sla_report.rolling import RollingSum
from aurora_cli.sla_report.timeline import Minute
from aurora_core.alerting.figures import figures
from aurora_core.alerting.state import Watch
from aurora_core.metrics import Rollup
from aurora_core.sla.budget import BurnAlert, burn_rate
from aurora_core.time_units import MINUTE_S


class Look(NamedTuple):
    """The end of a minute, in seconds of UTC, and whether the condition held then; None: nobody measured."""

    now_s: int
    holds: bool | None


def looks_at(
    watches: Sequence[Watch], totals: Mapping[int, Rollup], first_s: int, last_s: int, target: float
) -> list[list[Look]]:
    """For each of the watches, all over the same window, its looks; ``totals`` by the minute's start.

    ``target`` is that of availability, for rules on the burn rate.
    """
    length = math.ceil(watches[0].window_s / MINUTE_S)
    window, measured_s = RollingSum(length), -math.inf
    looks: list[list[Look]] = [[] for _ in watches]
    for start_s in range(first_s, last_s, MINUTE_S):
        total = totals.get(start_s)
        measured_s = measured_s if total is None else start_s
        seen = figures(window.push(total), target)
        is_measured = start_s - measured_s < length * MINUTE_S
        for watch, row in zip(watches, looks, strict=True):
            row.append(Look(start_s + MINUTE_S, watch.holds(seen) if is_measured else None))
    return looks


class BurnRates:
    """Burn rates over any window, from the sums up to each minute."""

    def __init__(self, minutes: Sequence[Minute], target: float) -> None:
        self._target = target
        self._starts = [minute.start_s for minute in minutes]
        self._calls = list(accumulate((minute.calls for minute in minutes), initial=0))
        self._failed = list(accumulate((minute.failed for minute in minutes), initial=0))

    def over(self, end_s: int, window_s: float) -> float:
        """The burn rate of the window that ends at ``end_s``; NaN without calls."""
        first, last = bisect_left(self._starts, end_s - window_s), bisect_left(self._starts, end_s)
        calls, failed = self._calls[last] - self._calls[first], self._failed[last] - self._failed[first]
        return burn_rate(self._target, calls, failed)

    def looks(self, alert: BurnAlert, threshold: float, last_s: int) -> list[Look]:
        """An alert's looks: both of its windows must be at its threshold."""
        return [
            Look(end_s, all(self.over(end_s, each) >= threshold for each in (alert.long_s, alert.short_s)))
            for end_s in range(self._starts[0] + MINUTE_S, last_s + 1, MINUTE_S)
        ]
