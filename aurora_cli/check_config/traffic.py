"""How many calls a limiter lets through."""

import math

from aurora_core.config.sections.rate_limit import RateLimit
from aurora_core.laws.window import PERIOD_S


def most_calls(limit: RateLimit, window_s: float) -> int:
    """The most calls of one worker that start within any ``window_s``, however they arrive.

    Without a burst, no rolling minute has more than ``rpm``; a bucket gives what is in it and what flows in.
    """
    if limit.burst is None:
        return limit.rpm * math.ceil(window_s / PERIOD_S)
    return math.floor(limit.burst + limit.rpm * window_s / PERIOD_S)
