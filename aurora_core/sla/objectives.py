"""What was promised: the guide's table of targets, and whether figures keep them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Final, Literal

State = Literal["met", "breached", "no data"]


@dataclass(frozen=True)
class Objective:
    """A promise on one figure. Shares are from 0 to 1, times in milliseconds.

    ``required``: the SLA is breached where this is. The guide's table: availability is kept at its target,
    the others strictly on the good side of theirs.
    """

    name: str
    metric: str
    target: float
    alert_threshold: float
    higher_is_better: bool
    strict: bool
    required: bool

    def met_by(self, value: float) -> bool:
        """Whether the value keeps the promise."""
        if not self.strict and value == self.target:
            return True
        return value > self.target if self.higher_is_better else value < self.target


@dataclass(frozen=True)
class ObjectiveResult:
    """An objective and the value it came to; NaN is ``no data``."""

    objective: Objective
    value: float
    state: State


DEFAULT_OBJECTIVES: Final = (
    Objective("availability", "availability", 0.999, 0.995, True, False, True),
    Objective("p95_latency", "p95_latency_ms", 500.0, 1000.0, False, True, True),
    Objective("error_rate", "error_rate", 0.01, 0.05, False, True, True),
    Objective("cache_hit_rate", "cache_hit_rate", 0.30, 0.20, True, True, False),
)


def evaluate_objectives(
    metrics: Mapping[str, object], objectives: Sequence[Objective] = DEFAULT_OBJECTIVES
) -> tuple[ObjectiveResult, ...]:
    """Hold the metrics against the objectives; a metric that is missing, None or NaN is ``no data``.

    ``availability`` is ``1 - error_rate``, by requests, unless the metrics bring their own.
    """
    known = {"availability": 1.0 - _metric_of(metrics, "error_rate"), **metrics}
    objective_results = []
    for objective in objectives:
        value = _metric_of(known, objective.metric)
        measured: State = "met" if objective.met_by(value) else "breached"
        objective_results.append(
            ObjectiveResult(objective, value, "no data" if math.isnan(value) else measured)
        )
    return tuple(objective_results)


def _metric_of(metrics: Mapping[str, object], name: str) -> float:
    value = metrics.get(name)
    return float(value) if isinstance(value, Real) else math.nan


def sla_met(objective_results: Sequence[ObjectiveResult]) -> bool | None:
    """Whether all required objectives are met; None where one has no data: nothing measured is not good."""
    states = [result.state for result in objective_results if result.objective.required]
    if "breached" in states:
        return False
    return None if "no data" in states or not states else True


def format_percent_floor(value: float, digits: int = 2) -> str:
    """Write a share as percent, floored: it is never rounded up to a target, and 100 % is exactly that."""
    if math.isnan(value):
        return "no data"
    # A share that was computed may lie a last bit below what it is: 0.29 * 100 is 28.999999999999996.
    scaled = math.floor(math.nextafter(value * 100.0, math.inf) * 10**digits)
    if value < 1.0:
        scaled = min(scaled, 100 * 10**digits - 1)
    return f"{scaled / 10**digits:.{digits}f} %"
