"""From a user's numbers to the laws' policies.

The bounds are checked here, once, and every field gets one type, which the compiled laws rely on.
"""

import math
from typing import Final

from aurora_core.laws import backoff, rate_limit, window
from aurora_core.laws.backoff import BackoffPolicy
from aurora_core.laws.breaker import BreakerPolicy
from aurora_core.laws.rate_limit import LimitPolicy
from aurora_core.laws.retry import RetryPolicy
from aurora_core.laws.retry_budget import BudgetPolicy
from aurora_core.types import Jitter

_JITTERS: Final[dict[str, int]] = {
    "none": backoff.NO_JITTER,
    "full": backoff.FULL_JITTER,
    "equal": backoff.EQUAL_JITTER,
}
_ONLY_CONSECUTIVE: Final = math.inf
_MARGIN: Final = 1e-9
"""Of a logarithm's rounding: one power too many is harmless, for the delay is capped all the same."""
_SHORTEST_MS: Final = 1e-6
_LONGEST_MS: Final = 1e12
"""From a nanosecond to thirty years: no power that the backoff raises is too large for a float."""
_LARGEST_WINDOW: Final = 10_000_000
"""The window remembers as many starts as it allows."""


def limit_policy(
    requests_per_minute: float, max_wait_time: float = 60.0, burst: float | None = None
) -> LimitPolicy:
    """The sliding window of ``requests_per_minute``, or the bucket of size ``burst``; the wait in seconds.

    Raises ``ValueError`` for a limit that is not positive, a window that is no whole number of requests,
    or a bucket smaller than one.
    """
    rpm = _positive("requests_per_minute", requests_per_minute)
    max_wait = _not_negative("max_wait_time", max_wait_time, infinite=True)
    if burst is None and rpm != int(rpm):
        raise ValueError(f"requests_per_minute must be a whole number without burst, not {rpm}")
    if burst is None and rpm > _LARGEST_WINDOW:
        raise ValueError(f"requests_per_minute above {_LARGEST_WINDOW} needs burst, it is {rpm:.0f}")
    if burst is not None and _positive("burst", burst) < 1:
        raise ValueError(f"burst must be at least 1, not {burst}")
    return LimitPolicy(
        kind=rate_limit.WINDOW if burst is None else rate_limit.BUCKET,
        requests=int(rpm) if burst is None else 1,
        interval_s=window.PERIOD_S / rpm,
        burst=1.0 if burst is None else float(burst),
        max_wait_s=max_wait,
    )


def unlimited() -> LimitPolicy:
    """The policy of a limiter that lets everything through at once."""
    return LimitPolicy(kind=rate_limit.UNLIMITED, requests=1, interval_s=0.0, burst=1.0, max_wait_s=math.inf)


def retry_policy(
    max_retries: int = 3,
    base_delay_ms: float = 100.0,
    max_delay_ms: float = 5000.0,
    backoff_multiplier: float = 2.0,
    jitter: Jitter = "none",
    max_retry_after_s: float = 120.0,
    deadline_s: float | None = None,
) -> RetryPolicy:
    """Capped exponential backoff; ``deadline_s`` None: no deadline.

    Raises ``ValueError`` for a number out of range or an unknown jitter.
    """
    if int(max_retries) != max_retries or max_retries < 0:
        raise ValueError(f"max_retries must be a whole number of at least 0, not {max_retries}")
    base_s = _delay_s("base_delay_ms", base_delay_ms)
    cap_s = _delay_s("max_delay_ms", max_delay_ms)
    multiplier = _positive("backoff_multiplier", backoff_multiplier)
    if multiplier < 1:
        raise ValueError(f"backoff_multiplier must be at least 1, not {multiplier}")
    if jitter not in _JITTERS:
        raise ValueError(f"jitter must be one of {', '.join(_JITTERS)}, not {jitter!r}")
    return RetryPolicy(
        max_retries=int(max_retries),
        backoff=BackoffPolicy(
            base_s=base_s,
            cap_s=_reached_cap(base_s, cap_s, multiplier),
            multiplier=multiplier,
            capped_from=_capped_from(base_s, cap_s, multiplier),
            jitter=_JITTERS[jitter],
        ),
        max_retry_after_s=_not_negative("max_retry_after_s", max_retry_after_s, infinite=True),
        deadline_s=math.inf if deadline_s is None else _positive("deadline_s", deadline_s),
    )


def breaker_policy(
    failure_threshold: int = 5,
    timeout: float = 60.0,
    failure_rate: float | None = None,
    minimum_calls: int = 10,
    window_s: float = 60.0,
) -> BreakerPolicy:
    """Consecutive failures, or with ``failure_rate`` a share of them; ``timeout`` in seconds.

    Raises ``ValueError`` for a threshold below 1, a timeout that is not positive or a share outside (0, 1].
    """
    threshold = _positive("failure_threshold", failure_threshold)
    if threshold != int(threshold):
        raise ValueError(f"failure_threshold must be a whole number, not {threshold}")
    if failure_rate is not None and not 0 < failure_rate <= 1:
        raise ValueError(f"failure_rate must be above 0 and at most 1, not {failure_rate}")
    return BreakerPolicy(
        threshold=threshold,
        timeout_s=_positive("timeout", timeout),
        failure_rate=_ONLY_CONSECUTIVE if failure_rate is None else float(failure_rate),
        minimum_calls=_positive("minimum_calls", minimum_calls),
        window_s=_positive("window_s", window_s),
    )


def no_breaker() -> BreakerPolicy:
    """The policy of a breaker that never opens."""
    return breaker_policy()._replace(threshold=math.inf)


def budget_policy(ratio: float = 0.1, capacity: float = 10.0) -> BudgetPolicy:
    """A retry for every ``1 / ratio`` successes, up to ``capacity`` saved. ``ValueError`` if not positive."""
    return BudgetPolicy(ratio=_positive("ratio", ratio), capacity=_positive("capacity", capacity))


def no_budget() -> BudgetPolicy:
    """The policy of a budget that grants every retry."""
    return BudgetPolicy(ratio=0.0, capacity=math.inf)


def _delay_s(name: str, delay_ms: float) -> float:
    if delay_ms == 0 or _SHORTEST_MS <= delay_ms <= _LONGEST_MS:
        return float(delay_ms) / 1000.0
    raise ValueError(f"{name} must be 0 or from {_SHORTEST_MS:g} to {_LONGEST_MS:g}, not {delay_ms}")


def _reached_cap(base_s: float, cap_s: float, multiplier: float) -> float:
    """The longest delay there is: a delay that does not grow never comes to the cap."""
    grows = multiplier > 1 and base_s > 0
    return cap_s if grows else min(cap_s, base_s)


def _capped_from(base_s: float, cap_s: float, multiplier: float) -> float:
    if base_s >= cap_s or base_s == 0 or multiplier == 1:
        return 0.0
    return float(math.ceil(math.log(cap_s / base_s) / math.log(multiplier) + _MARGIN))


def _positive(name: str, value: float) -> float:
    if not 0 < float(value) < math.inf:
        raise ValueError(f"{name} must be a positive number, not {value}")
    return float(value)


def _not_negative(name: str, value: float, *, infinite: bool = False) -> float:
    number = float(value)
    if math.isnan(number) or number < 0 or (number == math.inf and not infinite):
        raise ValueError(f"{name} must be a number of at least 0, not {value}")
    return number
