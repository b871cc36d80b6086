"""Which alerts would have fired, and when: the service's own rules over the replay's minutes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class _Calls:
    """In the order of their ends, all of shape ``(n,)``; ``hit`` None: the log has no keys."""

    end_s: NDArray[np.float64]
    answered: NDArray[np.bool_]
    latency_ms: NDArray[np.float64]
    hit: NDArray[np.bool_] | None


def watch(
    end_s: NDArray[np.float64],
    answered: NDArray[np.bool_],
    latency_ms: NDArray[np.float64],
    hit: NDArray[np.bool_] | None,
    watches: Sequence[Watch],
    target: float = 0.999,
) -> list[Episode]:
    """Look at each rule over its own window at the end of each minute; one episode a rule that fired.

    ``target`` is that of availability, for rules on the burn rate.
    """
    order = np.argsort(end_s, kind="stable")
    calls = _Calls(end_s[order], answered[order], latency_ms[order], None if hit is None else hit[order])
    episodes: dict[str, Episode] = {}
    for window_s in {each.window_s for each in watches}:
        group = [each for each in watches if each.window_s == window_s]
        episodes |= _watched(calls, window_s, group, target)
    places = {each.rule.name: place for place, each in enumerate(watches)}
    return sorted(episodes.values(), key=lambda episode: (episode.first_s, places[episode.rule]))


def _watched(calls: _Calls, window_s: float, watches: Sequence[Watch], target: float) -> dict[str, Episode]:
    states = {each.rule.name: AlertState() for each in watches}
    episodes: dict[str, Episode] = {}
    for moment in _minutes(calls.end_s, window_s + max(each.clear_for_s for each in watches)):
        first, last = np.searchsorted(calls.end_s, (moment - window_s, moment))
        metrics = _metrics(calls, int(first), int(last), target)
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


def _metrics(calls: _Calls, first: int, last: int, target: float) -> Mapping[str, float]:
    if first == last:
        return {}
    failed = int(np.count_nonzero(~calls.answered[first:last]))
    latency_ms = calls.latency_ms[first:last]
    p50, p95, p99 = np.percentile(latency_ms, (50, 95, 99))
    return {
        "query_count": float(last - first),
        "success_rate": 1.0 - failed / (last - first),
        "error_rate": failed / (last - first),
        "avg_latency_ms": float(latency_ms.mean()),
        "p50_latency_ms": float(p50),
        "p95_latency_ms": float(p95),
        "p99_latency_ms": float(p99),
        "cache_hit_rate": math.nan if calls.hit is None else float(calls.hit[first:last].mean()),
        "burn_rate": burn_rate(target, last - first, failed),
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
