"""How each objective stands: value, budget, state."""

import math
from dataclasses import dataclass
from typing import Literal

from aurora_cli.sla_report.minutes import Minute
from aurora_core.config.sections.sla import Sla
from aurora_core.metrics import Rollup
from aurora_core.sla import Objective
from aurora_core.sla.budget import Budget, error_budget
from aurora_core.sla.interval import Interval, wilson

Counted = Literal["requests", "minutes", "look-ups"]
State = Literal["met", "at risk", "breached", "insufficient data"]

AT_RISK_FROM = 0.75
"""Of the budget: who has spent so much of it is warned while the objective is still met."""

_OF_FAULTS = ("availability", "p95_latency", "error_rate")
"""A look-up that misses is no fault, and a cache that misses half of the time is not near its end."""

_P95 = 0.95


@dataclass(frozen=True)
class Standing:
    """An objective over a period.

    ``requests`` is what the objective counts (calls, look-ups, minutes), ``bad`` what counts against it;
    ``interval`` is of the good share. ``value`` is NaN where nothing was measured.
    """

    objective: Objective
    counted: Counted
    value: float
    requests: int
    bad: int
    budget: Budget
    interval: Interval
    state: State


def standings(total: Rollup, line: list[Minute], sla: Sla) -> list[Standing]:
    """The objectives of the settings, in the guide's order."""
    return [_standing(objective, total, line, sla) for objective in sla.objectives()]


def _standing(objective: Objective, total: Rollup, line: list[Minute], sla: Sla) -> Standing:
    if objective.name == "availability" and sla.availability_by == "minutes":
        measured = sum(minute.measured for minute in line)
        bad = sum(minute.measured for minute in line if minute.error_rate > sla.error_rate)
        return _judged(
            objective, "minutes", measured, bad, objective.target, _share(measured - bad, measured)
        )
    if objective.name == "availability":
        good = _share(total.calls - total.failed, total.calls)
        return _judged(objective, "requests", total.calls, total.failed, objective.target, good)
    if objective.name == "error_rate":
        rate = _share(total.failed, total.calls)
        return _judged(objective, "requests", total.calls, total.failed, 1.0 - objective.target, rate)
    if objective.name == "cache_hit_rate":
        hits = _share(total.hits, total.lookups)
        return _judged(
            objective, "look-ups", total.lookups, total.lookups - total.hits, objective.target, hits
        )
    slow = total.calls - total.latency.at_most(objective.target)
    return _judged(objective, "requests", total.calls, slow, _P95, total.latency.quantile(_P95))


def bad_share(objective: Objective, total: Rollup) -> float:
    """The share of the requests that counts against the objective; NaN where there are none."""
    if objective.name == "cache_hit_rate":
        return _share(total.lookups - total.hits, total.lookups)
    if objective.name == "p95_latency":
        return _share(total.calls - total.latency.at_most(objective.target), total.calls)
    return _share(total.failed, total.calls)


def _judged(
    objective: Objective,
    counted: Counted,
    requests: int,
    bad: int,
    good_share: float,
    value: float,
) -> Standing:
    """``good_share`` is what the objective asks of its requests."""
    budget = error_budget(good_share, requests, bad)
    if not requests or math.isnan(value):
        state: State = "insufficient data"
    elif not objective.met_by(value):
        state = "breached"
    else:
        nearly_spent = budget.spent >= AT_RISK_FROM and objective.name in _OF_FAULTS
        state = "at risk" if nearly_spent else "met"
    return Standing(objective, counted, value, requests, bad, budget, wilson(requests - bad, requests), state)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
