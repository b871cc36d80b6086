"""Which alerts would have fired, and when: the service's own rules over the replay's minutes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aurora_core.alerting import Alerting, AlertRule
from aurora_core.laws.window import PERIOD_S

WINDOW_MINUTES = 5
"""The rules look at the calls that ended in the last five minutes, once a minute."""


@dataclass(frozen=True)
class Episode:
    """A rule that held from ``first_s`` on, in seconds of the log, and for ``minutes`` minutes in all.

    ``worst`` is the furthest that its metric went beyond the threshold.
    """

    rule: str
    severity: str
    first_s: float
    minutes: int
    worst: float


def watch(
    end_s: NDArray[np.float64],
    answered: NDArray[np.bool_],
    latency_ms: NDArray[np.float64],
    hit: NDArray[np.bool_] | None,
    rules: Sequence[AlertRule],
) -> list[Episode]:
    """Check the rules at the end of each minute; one episode for each rule that ever held."""
    order = np.argsort(end_s, kind="stable")
    ends, ok, latency = end_s[order], answered[order], latency_ms[order]
    looked_up = None if hit is None else hit[order]
    alerting = Alerting()
    for rule in rules:
        alerting.add_rule(rule)
    episodes: dict[str, Episode] = {}
    for moment in _minutes(ends):
        first, last = np.searchsorted(ends, (moment - WINDOW_MINUTES * PERIOD_S, moment))
        if first == last:
            continue
        failed = np.count_nonzero(~ok[first:last])
        metrics = {
            "query_count": float(last - first),
            "success_rate": float(ok[first:last].mean()),
            "error_rate": float(failed / (last - first)),
            "p95_latency_ms": float(np.percentile(latency[first:last], 95)),
            "cache_hit_rate": math.nan if looked_up is None else float(looked_up[first:last].mean()),
        }
        for alert in alerting.check_metrics(metrics):
            episode = Episode(alert.rule, alert.severity.value, moment, 1, alert.value)
            episodes[alert.rule] = _joined(episodes.get(alert.rule), episode, alert.threshold)
    return list(episodes.values())


def _minutes(ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """The ends of the minutes in which there is something to see."""
    if len(ends) == 0:
        return np.empty(0)
    own = np.unique((ends / PERIOD_S).astype(np.int64)) + 1
    seen = np.unique(own[:, np.newaxis] + np.arange(WINDOW_MINUTES))
    return np.asarray(seen[seen <= own[-1]] * PERIOD_S, np.float64)


def _joined(earlier: Episode | None, now: Episode, threshold: float) -> Episode:
    if earlier is None:
        return now
    worst = max(earlier.worst, now.worst, key=lambda value: abs(value - threshold))
    return Episode(earlier.rule, earlier.severity, earlier.first_s, earlier.minutes + 1, worst)
