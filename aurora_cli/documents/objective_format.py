"""How an objective, its target and what it came to are written for people."""

import math

from aurora_cli.documents.number_format import NO_DATA, duration
from aurora_core.sla import Objective, format_percent_floor


def is_time(objective: Objective) -> bool:
    """Whether the objective is on a latency, and not on a share."""
    return objective.metric.endswith("_ms")


def name(objective: Objective) -> str:
    """``P95 latency``, ``cache hit rate``."""
    return objective.name.replace("_", " ").replace("p95", "P95")


def bound(objective: Objective, number: float) -> str:
    """A target or a threshold, without its sign."""
    return duration(number) if is_time(objective) else f"{number * 100:g} %"


def target(objective: Objective) -> str:
    """The target with its sign, as in the guide: ``>= 99.9 %``, ``< 500 ms``."""
    sign = ">" if objective.higher_is_better else "<"
    return f"{sign}{'' if objective.strict else '='} {bound(objective, objective.target)}"


def value(objective: Objective, number: float) -> str:
    """What it came to, floored where it is a share."""
    if math.isnan(number):
        return NO_DATA
    return duration(number) if is_time(objective) else format_percent_floor(number, 2)
