"""Upper bounds: how many calls a limiter admits, and how long one call can take."""

import math
from typing import NamedTuple

from aurora_core.config.sections.rate_limit import RateLimit
from aurora_core.config.sections.retry import Retry
from aurora_core.config.settings import Settings
from aurora_core.laws.window import PERIOD_S


class LongestCall(NamedTuple):
    """All times in seconds; ``sum`` shows the terms of the total."""

    attempts_s: float
    backoff_s: float
    total_s: float
    sum: str


def max_calls(limit: RateLimit, window_s: float) -> int:
    """Return the most calls of one worker that start within any ``window_s``, however they arrive.

    Without a burst, no rolling minute has more than ``rpm``; a bucket gives its content and its refill.
    """
    if limit.burst is None:
        return limit.rpm * math.ceil(window_s / PERIOD_S)
    return math.floor(limit.burst + limit.rpm * window_s / PERIOD_S)


def delays_ms(retry: Retry) -> list[float]:
    """Return the longest delay before each retry: jitter only shortens it."""
    delays: list[float] = []
    delay = retry.base_delay_ms
    for _ in range(retry.max_retries):
        delays.append(min(delay, retry.max_delay_ms))
        delay = min(delay * retry.backoff_multiplier, retry.max_delay_ms)
    return delays


def longest_call(settings: Settings) -> LongestCall:
    """Add up a call whose every attempt times out, with the longest Retry-After and the longest waits."""
    llm, retry, limit = settings.llm, settings.retry, settings.rate_limit
    attempts = 1 + retry.max_retries
    requests = attempts * (1 + llm.sdk_max_retries)
    permits = attempts if limit.per == "attempt" else 1
    delays = [delay / 1000.0 for delay in delays_ms(retry)]
    waits = [max(delay, retry.max_retry_after) for delay in delays]
    attempts_s, permits_s = requests * llm.timeout, permits * limit.max_wait
    parts = [f"{_count(requests, 'attempt')} of {llm.timeout:g} s"]
    if delays:
        retry_after = f"{_count(len(delays), 'wait')} of up to {max(waits):g} s for Retry-After"
        parts.append(f"{retry_after} (backoff alone: {sum(delays):g} s)")
    if limit.max_wait:
        parts.append(f"{_count(permits, 'wait')} of up to {limit.max_wait:g} s for the limiter")
    return LongestCall(attempts_s, sum(delays), attempts_s + sum(waits) + permits_s, " + ".join(parts))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
