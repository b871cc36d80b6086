"""Which alerts would have fired, and when: the service's own rules over the replay's minutes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aurora_core.alerting.state import AlertState, Watch, advance
from aurora_core.laws.window import PERIOD_S
from aurora_core.sla.budget import burn_rate


@dataclass(frozen=True)
class Episode:
    """A rule that fired from ``first_s`` on, in seconds of the log, and for ``minutes`` minutes in all.

    ``worst`` is the furthest that its metric went beyond the threshold.
    """

    rule: str
    severity: str
    first_s: float
    minutes: int
    worst: float


class Queries(NamedTuple):
    """What rules watch of the queries, all of shape ``(n,)``; ``hit`` None: the log has no keys.

    ``service_ms`` is what a query's ``attempts`` took in all.
    """

    end_s: NDArray[np.float64]
    answered: NDArray[np.bool_]
    latency_ms: NDArray[np.float64]
    attempts: NDArray[np.int32]
    service_ms: NDArray[np.float64]
    saw_retryable_error: NDArray[np.bool_]
    hit: NDArray[np.bool_] | None = None

    def taken(self, which: NDArray[np.intp] | slice) -> "Queries":
        """Some of them."""
        return Queries._make(None if column is None else column[which] for column in self)


class Targets(NamedTuple):
    """What the burn rate and the share within the latency target are held against."""

    availability: float
    latency_ms: float


def watch(queries: Queries, watches: Sequence[Watch], targets: Targets) -> list[Episode]:
    """Look at each rule over its own window at the end of each minute; one episode a rule that fired."""
    in_order = queries.taken(np.argsort(queries.end_s, kind="stable"))
    episodes: dict[str, Episode] = {}
    for window_s in {each.window_s for each in watches}:
        group = [each for each in watches if each.window_s == window_s]
        episodes |= _watched(in_order, window_s, group, targets)
    places = {each.rule.name: place for place, each in enumerate(watches)}
    return sorted(episodes.values(), key=lambda episode: (episode.first_s, places[episode.rule]))


def _watched(
    queries: Queries, window_s: float, watches: Sequence[Watch], targets: Targets
) -> dict[str, Episode]:
    states = {each.rule.name: AlertState() for each in watches}
    episodes: dict[str, Episode] = {}
    for moment in _minutes(queries.end_s, window_s + max(each.clear_for_s for each in watches)):
        first, last = np.searchsorted(queries.end_s, (moment - window_s, moment))
        metrics = _metrics(queries.taken(slice(int(first), int(last))), targets)
        for each in watches:
            rule = each.rule
            value = metrics.get(rule.metric_name, math.nan)
            state = states[rule.name] = advance(
                states[rule.name],
                holds=each.holds(metrics),
                now_s=moment,
                for_s=each.for_s,
                clear_for_s=each.clear_for_s,
            )
            if state.is_told:
                now = Episode(rule.name, rule.severity.value, moment, 1, value)
                episodes[rule.name] = _joined(episodes.get(rule.name), now, rule.threshold)
    return episodes


def _metrics(seen: Queries, targets: Targets) -> Mapping[str, float]:
    """The collector's figures, counted from arrays."""
    calls = len(seen.end_s)
    if calls == 0:
        return {}
    failed = int(np.count_nonzero(~seen.answered))
    p50, p95, p99 = np.percentile(seen.latency_ms, (50, 95, 99))
    attempts, met = int(seen.attempts.sum()), int(np.count_nonzero(seen.saw_retryable_error))
    return {
        "query_count": float(calls),
        "success_rate": 1.0 - failed / calls,
        "error_rate": failed / calls,
        "avg_latency_ms": float(seen.latency_ms.mean()),
        "p50_latency_ms": float(p50),
        "p95_latency_ms": float(p95),
        "p99_latency_ms": float(p99),
        "within_target_rate": float((seen.latency_ms <= targets.latency_ms).mean()),
        "cache_hit_rate": math.nan if seen.hit is None else float(seen.hit.mean()),
        "recovery_rate": np.count_nonzero(seen.saw_retryable_error & seen.answered) / met
        if met
        else math.nan,
        "attempt_count": float(attempts),
        "avg_attempt_latency_ms": float(seen.service_ms.sum() / attempts) if attempts else math.nan,
        "burn_rate": burn_rate(targets.availability, calls, failed),
    }


def _minutes(ends: NDArray[np.float64], seen_for_s: float) -> list[float]:
    """The ends of the minutes in which a call is seen, or was so lately that a rule is not clear yet."""
    if len(ends) == 0:
        return []
    own = np.unique((ends / PERIOD_S).astype(np.int64)) + 1
    seen = np.unique(own[:, np.newaxis] + np.arange(math.ceil(seen_for_s / PERIOD_S) + 1))
    return [float(minute) * PERIOD_S for minute in seen[seen <= own[-1]]]


def _joined(earlier: Episode | None, now: Episode, threshold: float) -> Episode:
    if earlier is None:
        return now
    values = [value for value in (earlier.worst, now.worst) if not math.isnan(value)]
    worst = max(values, key=lambda value: abs(value - threshold))
    return Episode(earlier.rule, earlier.severity, earlier.first_s, earlier.minutes + 1, worst)
