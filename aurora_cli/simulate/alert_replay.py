"""The alerts that would have fired: the service's own rules over the minutes of a replay."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aurora_cli.rule_evaluation import RuleReplay, Values, replay_rule
from aurora_cli.simulate.percentiles import window_quantiles
from aurora_core.alerting.state import RuleConfig
from aurora_core.laws.window import PERIOD_S


@dataclass(frozen=True)
class FiredAlert:
    """A rule that fired from ``first_s`` on, in seconds of the log, and for ``minutes`` minutes in all.

    ``worst`` is the furthest that its metric went beyond the threshold.
    """

    rule: str
    severity: str
    first_s: float
    minutes: int
    worst: float


class Queries(NamedTuple):
    """What rules evaluate of the queries, all of shape ``(n,)``; ``hit`` None: the log has no keys.

    ``service_ms`` is what a query's ``attempts`` took in all.
    """

    end_s: NDArray[np.float64]
    answered: NDArray[np.bool_]
    latency_ms: NDArray[np.float64]
    attempts: NDArray[np.int32]
    service_ms: NDArray[np.float64]
    saw_retryable_error: NDArray[np.bool_]
    hit: NDArray[np.bool_] | None = None

    def sort_by_end(self) -> "Queries":
        """Return the queries in the order in which they end."""
        order = np.argsort(self.end_s, kind="stable")
        return Queries._make(None if column is None else column[order] for column in self)


class Targets(NamedTuple):
    """The targets of the burn rate and of the share within the target latency."""

    availability: float
    latency_ms: float


def replay_alerts(queries: Queries, configs: Sequence[RuleConfig], targets: Targets) -> list[FiredAlert]:
    """Evaluate each rule over its own window at the end of each minute; one alert per rule that fired."""
    queries = queries.sort_by_end()
    fired: list[FiredAlert] = []
    for window_s in dict.fromkeys(config.window_s for config in configs):
        group = [config for config in configs if config.window_s == window_s]
        moments = _find_moments(queries.end_s, window_s + max(config.keep_firing_for_s for config in group))
        windows = QueryWindows(queries, moments, window_s, targets.latency_ms)
        for config in group:
            result = replay_rule(config, moments, windows, targets.availability)
            if result.periods:
                fired.append(_summarize(config, moments, result))
    order = {config.rule.name: index for index, config in enumerate(configs)}
    return sorted(fired, key=lambda alert: (alert.first_s, order[alert.rule]))


class QueryWindows:
    """The queries that end in the window before each moment; they are sorted by their end."""

    def __init__(self, queries: Queries, moments: Values, window_s: float, target_ms: float) -> None:
        self._queries = queries
        self._target_ms = target_ms
        self._totals: dict[str, NDArray[Any]] = {}
        self._first = np.searchsorted(queries.end_s, moments - window_s)
        self._last = np.searchsorted(queries.end_s, moments)

    def total(self, counter: str) -> NDArray[Any]:
        """Return the sum of a counter in each window."""
        if counter not in self._totals:
            self._totals[counter] = self._add_up(counter)
        return self._totals[counter]

    def quantile(self, share: float) -> Values:
        """Return the exact quantile of the latency, linear between two values."""
        return window_quantiles(self._queries.latency_ms, self._first, self._last, share)

    def _add_up(self, counter: str) -> NDArray[Any]:
        if counter == "calls":
            return self._last - self._first
        column = _COLUMNS[counter](self._queries, self._target_ms)
        if column.dtype == np.float64:  # each window on its own: a difference of running sums would round
            windows = zip(self._first.tolist(), self._last.tolist(), strict=True)
            return np.array([column[first:last].sum() for first, last in windows], np.float64)
        sums = np.concatenate(([0], np.cumsum(column, dtype=np.int64)))
        return sums[self._last] - sums[self._first]


_COLUMNS: Final[Mapping[str, Callable[[Queries, float], NDArray[Any]]]] = {
    "failed": lambda queries, _: ~queries.answered,
    "within_target": lambda queries, target_ms: queries.latency_ms <= target_ms,
    "attempts": lambda queries, _: queries.attempts,
    "saw_retryable_error": lambda queries, _: queries.saw_retryable_error,
    "recovered": lambda queries, _: queries.saw_retryable_error & queries.answered,
    "cache_hits": lambda queries, _: (
        np.zeros(len(queries.end_s), np.bool_) if queries.hit is None else queries.hit
    ),
    "cache_lookups": lambda queries, _: np.full(len(queries.end_s), queries.hit is not None),
    "latency_ms": lambda queries, _: queries.latency_ms,
    "attempts_ms": lambda queries, _: queries.service_ms,
}
"""What a query adds to each counter of ``Rollup``; the target latency is in milliseconds."""


def _summarize(config: RuleConfig, moments: Values, result: RuleReplay) -> FiredAlert:
    bounds = np.searchsorted(moments, result.periods)
    firing = np.zeros(len(moments), np.bool_)
    for first, last in bounds:
        firing[first:last] = True
    beyond = result.values[firing & result.holds]
    worst = beyond.max() if config.rule.comparison in ("gt", "gte") else beyond.min()
    rule, first_s = config.rule, result.periods[0].start_s
    return FiredAlert(rule.name, rule.severity.value, first_s, int(np.count_nonzero(firing)), float(worst))


def _find_moments(ends: Values, seen_for_s: float) -> Values:
    """Return the ends of the minutes in which a rule can change: a call is, or was lately, in its window."""
    if len(ends) == 0:
        return np.empty(0)
    own = np.unique((ends / PERIOD_S).astype(np.int64)) + 1
    seen = np.unique(own[:, np.newaxis] + np.arange(math.ceil(seen_for_s / PERIOD_S) + 1))
    moments: Values = seen[seen <= own[-1]] * PERIOD_S
    return moments
