"""The alerts that would have fired: the service's own rules over the minutes of a replay."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

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
    met_transient: NDArray[np.bool_]
    hit: NDArray[np.bool_] | None = None

    def sort_by_end(self) -> "Queries":
        """Return the queries in the order in which they ended."""
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
        moments = _find_moments(queries.end_s, window_s + max(config.clear_for_s for config in group))
        windows = QueryWindows(queries, moments, window_s, targets.latency_ms)
        for config in group:
            result = replay_rule(config, moments, windows, targets.availability)
            if result.periods:
                fired.append(_summarize(config, moments, result))
    order = {config.rule.name: index for index, config in enumerate(configs)}
    return sorted(fired, key=lambda alert: (alert.first_s, order[alert.rule]))


class QueryWindows:
    """The queries that ended in the window before each moment; they are sorted by their end."""

    def __init__(self, queries: Queries, moments: Values, window_s: float, target_ms: float) -> None:
        self._queries = queries
        self._target_ms = target_ms
        self._first = np.searchsorted(queries.end_s, moments - window_s)
        self._last = np.searchsorted(queries.end_s, moments)

    def total(self, counter: str) -> NDArray[Any]:
        """Return the sum of a counter in each window."""
        match counter:
            case "calls":
                return self._last - self._first
            case "lookups" if self._queries.hit is not None:
                return self._last - self._first
            case "latency_ms":
                return self._add(self._queries.latency_ms)
            case "attempts_ms":
                return self._add(self._queries.service_ms)
            case _:
                return self._count(self._flags[counter])

    def quantile(self, share: float) -> Values:
        """Return the exact quantile of the latency, linear between two values."""
        return window_quantiles(self._queries.latency_ms, self._first, self._last, share)

    @cached_property
    def _flags(self) -> dict[str, NDArray[Any]]:
        queries = self._queries
        none = np.zeros(len(queries.end_s), np.bool_)
        return {
            "failed": ~queries.answered,
            "within_target": queries.latency_ms <= self._target_ms,
            "attempts": queries.attempts,
            "met_transient": queries.met_transient,
            "recovered": queries.met_transient & queries.answered,
            "hits": none if queries.hit is None else queries.hit,
            "lookups": none,
        }

    def _count(self, column: NDArray[Any]) -> NDArray[np.int64]:
        sums = np.concatenate(([0], np.cumsum(column, dtype=np.int64)))
        return sums[self._last] - sums[self._first]

    def _add(self, column: Values) -> Values:
        """Add each window on its own: a difference of running sums would round."""
        windows = zip(self._first.tolist(), self._last.tolist(), strict=True)
        return np.array([column[first:last].sum() for first, last in windows], np.float64)


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
