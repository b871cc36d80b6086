"""How the report's figures are written."""

import math
from datetime import datetime

from aurora_cli.sheets import promises
from aurora_cli.sla_report.period import Period
from aurora_cli.sla_report.standing import Standing
from aurora_core.config.units import show_duration

_FEW = 1000
"""Below so many requests a share is told with its interval."""


def value(standing: Standing) -> str:
    """The value, floored where it is a share; of few requests with its interval, 95 in 100."""
    text = promises.value(standing.objective, standing.value)
    if standing.requests >= _FEW or math.isnan(standing.value) or promises.is_time(standing.objective):
        return text
    low, high = standing.interval
    if not standing.objective.higher_is_better:
        low, high = 1.0 - high, 1.0 - low
    return f"{text} ({low * 100:.1f} to {high * 100:.1f})"


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
