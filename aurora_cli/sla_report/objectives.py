"""The objectives over a period: value, budget and state of each."""

import math
from dataclasses import dataclass
from typing import Final, Literal

from aurora_cli.sla_report.timeline import Minute
from aurora_core.config.sections.sla import Sla
from aurora_core.metrics import Rollup
from aurora_core.sla import Objective
from aurora_core.sla.budget import Budget, error_budget
from aurora_core.sla.interval import Interval, wilson

Basis = Literal["requests", "minutes", "look-ups"]
ObjectiveState = Literal["met", "at risk", "breached", "insufficient data"]

AT_RISK_FROM: Final = 0.75
"""The share of the budget from which an objective that is still met is at risk."""

_CAN_BE_AT_RISK: Final = ("availability", "p95_latency", "error_rate")
"""A cache miss is not a fault, and a cache that misses half of its lookups is not near its end."""

_P95: Final = 0.95


@dataclass(frozen=True)
class ObjectiveStatus:
    """An objective over a period.

    ``requests`` is the number of calls, cache lookups or minutes that the objective counts, ``bad`` of those
    count against it; ``interval`` is that of the good share. ``value`` is NaN if nothing was measured.
    """

    objective: Objective
    basis: Basis
    value: float
    requests: int
    bad: int
    budget: Budget
    interval: Interval
    state: ObjectiveState


def evaluate_objectives(total: Rollup, timeline: list[Minute], sla: Sla) -> list[ObjectiveStatus]:
    """Evaluate the objectives of the settings, in the guide's order."""
    return [_evaluate(objective, total, timeline, sla) for objective in sla.objectives()]


def _evaluate(objective: Objective, total: Rollup, timeline: list[Minute], sla: Sla) -> ObjectiveStatus:
    if objective.name == "availability" and sla.availability_by == "minutes":
        measured = sum(minute.measured for minute in timeline)
        bad = sum(minute.measured for minute in timeline if minute.error_rate > sla.error_rate)
        good = _share(measured - bad, measured)
        return _status(objective, "minutes", measured, bad, objective.target, good)
    if objective.name == "availability":
        good = _share(total.calls - total.failed, total.calls)
        return _status(objective, "requests", total.calls, total.failed, objective.target, good)
    if objective.name == "error_rate":
        rate = _share(total.failed, total.calls)
        return _status(objective, "requests", total.calls, total.failed, 1.0 - objective.target, rate)
    if objective.name == "cache_hit_rate":
        rate, misses = _share(total.cache_hits, total.cache_lookups), total.cache_lookups - total.cache_hits
        return _status(objective, "look-ups", total.cache_lookups, misses, objective.target, rate)
    slow = total.calls - total.latency.at_most(objective.target)
    return _status(objective, "requests", total.calls, slow, _P95, total.latency.quantile(_P95))


def bad_share(objective: Objective, total: Rollup) -> float:
    """Compute the share of requests that count against the objective; NaN without requests."""
    if objective.name == "cache_hit_rate":
        return _share(total.cache_lookups - total.cache_hits, total.cache_lookups)
    if objective.name == "p95_latency":
        return _share(total.calls - total.latency.at_most(objective.target), total.calls)
    return _share(total.failed, total.calls)


def _status(
    objective: Objective,
    basis: Basis,
    requests: int,
    bad: int,
    good_share: float,
    value: float,
) -> ObjectiveStatus:
    """Derive budget and state; ``good_share`` is the share of good requests that the objective requires."""
    budget = error_budget(good_share, requests, bad)
    state: ObjectiveState = "met"
    if not requests or math.isnan(value):
        state = "insufficient data"
    elif not objective.met_by(value):
        state = "breached"
    elif budget.spent >= AT_RISK_FROM and objective.name in _CAN_BE_AT_RISK:
        state = "at risk"
    interval = wilson(requests - bad, requests)
    return ObjectiveStatus(objective, basis, value, requests, bad, budget, interval, state)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
