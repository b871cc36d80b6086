"""How the report's figures are written."""

import math
from datetime import datetime

from aurora_cli.sheets.numbers import NO_DATA, duration
from aurora_cli.sla_report.period import Period
from aurora_cli.sla_report.standing import Standing
from aurora_core.config.units import show_duration
from aurora_core.sla import Objective, floor_share

_FEW = 1000
"""Below so many requests a share is told with its interval."""


def is_time(objective: Objective) -> bool:
    """Whether the objective is on a latency, and not on a share."""
    return objective.metric.endswith("_ms")


def value(standing: Standing) -> str:
    """The value, floored where it is a share; of few requests with its interval, 95 in 100."""
    if math.isnan(standing.value):
        return NO_DATA
    if is_time(standing.objective):
        return duration(standing.value)
    text = floor_share(standing.value, 2)
    if standing.requests >= _FEW:
        return text
    low, high = standing.interval
    if not standing.objective.higher_is_better:
        low, high = 1.0 - high, 1.0 - low
    return f"{text} ({low * 100:.1f} to {high * 100:.1f})"


def bound(objective: Objective, number: float) -> str:
    """A target or a threshold, without its sign."""
    return duration(number) if is_time(objective) else f"{number * 100:g} %"


def target(objective: Objective) -> str:
    """The target with its sign, as in the guide: ``>= 99.9 %``, ``< 500 ms``."""
    sign = ">" if objective.higher_is_better else "<"
    return f"{sign}{'' if objective.strict else '='} {bound(objective, objective.target)}"


def name(objective: Objective) -> str:
    """``P95 latency``, ``cache hit rate``."""
    return objective.name.replace("_", " ").replace("p95", "P95")


def moment(seconds: float, period: Period) -> str:
    """A time in the period's zone, to the minute."""
    return datetime.fromtimestamp(seconds, period.zone).strftime("%Y-%m-%d %H:%M")


def span(period: Period) -> str:
    """From when to when, and in which zone."""
    return f"{moment(period.start_s, period)} to {moment(period.end_s, period)}, {period.zone.key}"


def window(seconds: float) -> str:
    """``5 min``, ``1 h``, ``3 d``."""
    if seconds < 7200:  # noqa: PLR2004 - the unit of an hour begins with two of them elsewhere
        return f"{seconds / 60:g} min" if seconds % 3600 else f"{seconds / 3600:g} h"
    return show_duration(seconds, "s") if seconds % 86_400 else f"{seconds / 86_400:g} d"
