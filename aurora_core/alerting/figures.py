"""What alert rules watch: the collector's figures over a window, and how fast the budget burns."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from aurora_core.metrics import Rollup
from aurora_core.sla.budget import burn_rate
from aurora_core.time_units import MINUTE_S


class Window(NamedTuple):
    """A half-open stretch of whole minutes, seconds of UTC."""

    start_s: int
    end_s: int


def window_before(now_s: float, window_s: float) -> Window:
    """The running minute, and the whole minutes before it that ``window_s`` takes."""
    running_s = math.floor(now_s / MINUTE_S) * MINUTE_S
    return Window(running_s - math.ceil(window_s / MINUTE_S) * MINUTE_S, running_s + MINUTE_S)


def figures(total: Rollup, availability: float) -> Mapping[str, object]:
    """The guide's keys, and ``burn_rate`` for an ``availability`` target from 0 to 1."""
    return {**total.metrics(), "burn_rate": burn_rate(availability, total.calls, total.failed)}
