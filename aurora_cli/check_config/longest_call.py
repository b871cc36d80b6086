"""How long one call can take at most, and what that is the sum of."""

from typing import NamedTuple

from aurora_core.config.sections.retry import Retry
from aurora_core.config.settings import Settings


class LongestCall(NamedTuple):
    """All times in seconds; ``sum`` shows how the total comes about."""

    attempts_s: float
    backoff_s: float
    total_s: float
    sum: str


def delays_ms(retry: Retry) -> list[float]:
    """The longest delay before each retry: jitter only shortens it."""
    delays: list[float] = []
    delay = retry.base_delay_ms
    for _ in range(retry.max_retries):
        delays.append(min(delay, retry.max_delay_ms))
        delay = min(delay * retry.backoff_multiplier, retry.max_delay_ms)
    return delays


def longest_call(settings: Settings) -> LongestCall:
    """Every attempt times out, every answer asks for the longest wait, and every place is waited for."""
    llm, retry, limit = settings.llm, settings.retry, settings.rate_limit
    attempts = 1 + retry.max_retries
    requests = attempts * (1 + llm.sdk_max_retries)
    places = attempts if limit.per == "attempt" else 1
    delays = [delay / 1000.0 for delay in delays_ms(retry)]
    between = [max(delay, retry.max_retry_after) for delay in delays]
    attempts_s, places_s = requests * llm.timeout, places * limit.max_wait
    parts = [f"{_times(requests, 'attempt')} of {llm.timeout:g} s"]
    if delays:
        waits = f"{_times(len(delays), 'wait')} of up to {max(between):g} s"
        parts.append(f"{waits} for Retry-After, where backoff alone takes {sum(delays):g} s")
    if limit.max_wait:
        parts.append(f"{_times(places, 'place')} at the limiter of up to {limit.max_wait:g} s")
    return LongestCall(attempts_s, sum(delays), attempts_s + sum(between) + places_s, " + ".join(parts))


def _times(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
