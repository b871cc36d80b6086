"""Whether there is a next attempt, and when."""

import math
from typing import Final, NamedTuple

from aurora_core.laws import backoff
from aurora_core.laws.backoff import BackoffPolicy

GO: Final = 0
NO_ATTEMPTS_LEFT: Final = 1
PAST_DEADLINE: Final = 2
NO_BUDGET: Final = 3
"""Why there is no next attempt. The last is the answer of :mod:`retry_budget`, not of this law."""


class RetryPolicy(NamedTuple):
    """Up to ``max_retries`` after the first attempt; a ``Retry-After`` above the longest one stops.

    ``deadline_s`` bounds the whole call (infinity: not at all).
    """

    max_retries: int
    backoff: BackoffPolicy
    max_retry_after_s: float
    deadline_s: float


def next_attempt(
    policy: RetryPolicy, made: int, now: float, deadline: float, retry_after_s: float, uniform: float
) -> tuple[float, int]:
    """When the attempt after ``made`` failed ones may start.

    ``retry_after_s`` is the provider's ``Retry-After`` (0: none), ``deadline`` a time on the same clock as
    ``now`` (infinity: none), ``uniform`` a number in [0, 1). Returns the time (infinity: never) and the
    reason. A wait that would not end before the deadline is not begun.
    """
    if made > policy.max_retries:
        return math.inf, NO_ATTEMPTS_LEFT
    if retry_after_s > policy.max_retry_after_s:
        return math.inf, PAST_DEADLINE
    resume = now + max(retry_after_s, backoff.delay(policy.backoff, made - 1, uniform))
    if resume >= deadline:
        return math.inf, PAST_DEADLINE
    return resume, GO
