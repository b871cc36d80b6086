"""Alert conditions at the end of each minute of the past, from what the store has of the minutes."""

import math
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from aurora_cli.rule_evaluation import Flags, Values, burn_rates, find_firing_periods, replay_rule
from aurora_cli.sla_report.timeline import Minute
from aurora_core.alerting.state import FiringPeriod, RuleConfig
from aurora_core.metrics import Rollup
from aurora_core.metrics.histogram import middle_of
from aurora_core.sla.budget import BURN_ALERTS
from aurora_core.time_units import MINUTE_S

_BLOCK_MINUTES: Final = 4096
"""Minutes whose histograms are laid out at a time."""


def replay_rules(
    totals: Mapping[int, Rollup], configs: Sequence[RuleConfig], first_s: int, last_s: int, target: float
) -> list[list[FiringPeriod]]:
    """Return for each rule the periods in which it fired; ``totals`` by the minute's start.

    ``target`` is that of availability. A fire that is not resolved ends with the last minute.
    """
    line = [totals.get(start_s) for start_s in range(first_s, last_s, MINUTE_S)]
    ends_s = first_s + MINUTE_S * np.arange(1.0, len(line) + 1)
    periods = []
    for config in configs:
        windows = MinuteWindows(line, math.ceil(config.window_s / MINUTE_S))
        result = replay_rule(config, ends_s, windows, target, windows.find_measured())
        periods.append(_clip(result.periods, ends_s))
    return periods


def replay_burn_alerts(
    minutes: Sequence[Minute], thresholds: Sequence[float], last_s: int, target: float
) -> list[list[FiringPeriod]]:
    """Return the same for the workbook's alerts: both windows must be at the alert's threshold."""
    starts_s = np.array([minute.start_s for minute in minutes])
    calls = np.append(0, np.cumsum([minute.calls for minute in minutes]))
    failed = np.append(0, np.cumsum([minute.failed for minute in minutes]))
    ends_s = np.arange(minutes[0].end_s, last_s + 1.0, MINUTE_S)
    last = np.searchsorted(starts_s, ends_s)
    periods = []
    for alert, threshold in zip(BURN_ALERTS, thresholds, strict=True):
        holds = np.ones(len(ends_s), np.bool_)
        for window_s in (alert.long_s, alert.short_s):
            first = np.searchsorted(starts_s, ends_s - window_s)
            holds &= burn_rates(failed[last] - failed[first], calls[last] - calls[first], target) >= threshold
        periods.append(_clip(find_firing_periods(ends_s, holds), ends_s))
    return periods


def _clip(periods: Sequence[FiringPeriod], ends_s: Values) -> list[FiringPeriod]:
    return [FiringPeriod(period.start_s, min(period.end_s, float(ends_s[-1]))) for period in periods]


class MinuteWindows:
    """Windows of ``length`` minutes over a line of minutes; None where no process measured.

    A window ends with each minute, so that all arrays have one value per minute.
    """

    def __init__(self, line: Sequence[Rollup | None], length: int) -> None:
        self._line = line
        self._length = length

    def find_measured(self) -> Flags:
        """Return whether any process measured in each window."""
        return self._count([int(total is not None) for total in self._line]) > 0

    def total(self, counter: str) -> NDArray[Any]:
        """Return the sum of a counter in each window."""
        if counter == "latency_ms":
            return self._add([0.0 if total is None else total.latency.total for total in self._line])
        column = [0 if total is None else getattr(total, counter) for total in self._line]
        return self._add(column) if counter == "attempts_ms" else self._count(column)

    def quantile(self, share: float) -> Values:
        """Return the same as ``Histogram.quantile`` for each window; NaN without calls."""
        smallest = self._extreme(
            np.minimum, [math.inf if t is None else t.latency.smallest for t in self._line]
        )
        largest = self._extreme(
            np.maximum, [-math.inf if t is None else t.latency.largest for t in self._line]
        )
        blocks = range(0, len(self._line), _BLOCK_MINUTES)
        middles = np.concatenate([self._find_middles(start, share) for start in blocks])
        return middles.clip(smallest, largest)

    def _find_middles(self, start: int, share: float) -> Values:
        """Return the middle of the bucket of that rank, for the windows that end in one block of minutes."""
        lead = max(0, start - self._length)
        block = [{} if t is None else t.latency.buckets for t in self._line[lead : start + _BLOCK_MINUTES]]
        buckets = sorted(set(chain.from_iterable(block)))
        column = {bucket: index for index, bucket in enumerate(buckets)}
        counts = np.zeros((len(block), len(buckets)), np.int64)
        for row, histogram in enumerate(block):
            counts[row, [column[bucket] for bucket in histogram]] = list(histogram.values())
        ranked = self._sum_windows(counts)[start - lead :].cumsum(axis=1)
        if not buckets:
            return np.full(len(ranked), math.nan)
        calls = ranked[:, -1]
        rank = np.floor(share * (calls - 1))
        middles = np.array([middle_of(bucket) for bucket in buckets])
        return np.where(calls > 0, middles[(ranked > rank[:, np.newaxis]).argmax(axis=1)], math.nan)

    def _count(self, column: Sequence[int]) -> NDArray[np.int64]:
        return self._sum_windows(np.array(column, np.int64))

    def _sum_windows(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        sums = counts.cumsum(axis=0)
        sums[self._length :] -= sums[: -self._length].copy()
        return sums

    def _add(self, column: Sequence[float]) -> Values:
        """Add the minutes of each window oldest first, as the service does: running sums would round."""
        values, sums = np.array(column, np.float64), np.zeros(len(column))
        for back in reversed(range(min(self._length, len(values)))):
            sums[back:] += values[: len(values) - back]
        return sums

    def _extreme(self, pick: np.ufunc, column: Sequence[float]) -> Values:
        values = np.array(column, np.float64)
        found = values.copy()
        for back in range(1, min(self._length, len(values))):
            found[back:] = pick(found[back:], values[: len(values) - back])
        return found
