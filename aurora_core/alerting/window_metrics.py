"""The metrics of a window of time, as alert rules read them."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from aurora_core.metrics import Rollup
from aurora_core.sla.budget import burn_rate
from aurora_core.time_units import MINUTE_S


class Window(NamedTuple):
    """A half-open interval of whole minutes, in seconds of UTC."""

    start_s: int
    end_s: int


def window_until(now_s: float, window_s: float) -> Window:
    """Return the running minute and the whole minutes before it that cover ``window_s``."""
    running_s = math.floor(now_s / MINUTE_S) * MINUTE_S
    return Window(running_s - math.ceil(window_s / MINUTE_S) * MINUTE_S, running_s + MINUTE_S)


def window_metrics(total: Rollup, availability: float) -> Mapping[str, object]:
    """Return the guide's metrics, and ``burn_rate`` for an ``availability`` target from 0 to 1."""
    return {**total.metrics(), "burn_rate": burn_rate(availability, total.calls, total.failed)}
