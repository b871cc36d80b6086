"""How the report writes values and times."""

import math
from datetime import datetime
from typing import Final

from aurora_cli.documents import objective_format
from aurora_cli.sla_report.objectives import ObjectiveStatus
from aurora_cli.sla_report.period import Period
from aurora_core.config.units import show_duration
from aurora_core.time_units import DAY_S, HOUR_S

_FEW: Final = 1000
"""With fewer requests than this a share is written with its confidence interval."""


def format_value(status: ObjectiveStatus) -> str:
    """Write the value, floored if it is a share; of few requests with its 95 % confidence interval."""
    text = objective_format.value(status.objective, status.value)
    if status.requests >= _FEW or math.isnan(status.value) or objective_format.is_time(status.objective):
        return text
    low, high = status.interval
    if not status.objective.higher_is_better:
        low, high = 1.0 - high, 1.0 - low
    return f"{text} ({low * 100:.1f} to {high * 100:.1f})"


def format_moment(seconds: float, period: Period) -> str:
    """Write a time in the period's zone, to the minute."""
    return datetime.fromtimestamp(seconds, period.zone).strftime("%Y-%m-%d %H:%M")


def format_period(period: Period) -> str:
    """Write start, end and zone."""
    start, end = format_moment(period.start_s, period), format_moment(period.end_s, period)
    return f"{start} to {end}, {period.zone.key}"


def format_window(seconds: float) -> str:
    """Write ``5 min``, ``1 h``, ``3 d``."""
    if seconds < 7200:  # noqa: PLR2004 - one hour is 1 h here, elsewhere 60 min
        return f"{seconds / 60:g} min" if seconds % HOUR_S else f"{seconds / HOUR_S:g} h"
    return show_duration(seconds, "s") if seconds % DAY_S else f"{seconds / DAY_S:g} d"
