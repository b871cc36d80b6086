"""What a replay leaves behind: arrays, one entry a query."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aurora_core.laws import retry

FIRST_TRY: Final = 0
RECOVERED: Final = 1
RETRIES_EXHAUSTED: Final = 2
NON_RETRYABLE: Final = 3
RATE_LIMITED: Final = 4
BREAKER_OPEN: Final = 5

REASONS: Final = {
    retry.NO_ATTEMPTS_LEFT: "attempts",
    retry.PAST_DEADLINE: "deadline",
    retry.NO_BUDGET: "budget",
}
"""Why retrying ended, by the constants of ``Outcomes.reason``."""

NAMES: Final = (
    "first_try",
    "recovered",
    "retries_exhausted",
    "non_retryable",
    "rate_limited",
    "breaker_open",
)


class Outcomes(NamedTuple):
    """All of shape ``(n,)``, times in seconds from the first arrival.

    ``outcome``: a constant above. ``attempts`` that were sent, ``throttled`` of them that the provider
    answered with 429. ``start`` of the first attempt (NaN: nothing was sent), ``end`` of the query,
    ``wait`` at the limiter and ``backoff`` in all. ``reason``: why retrying ended, where the outcome is
    ``RETRIES_EXHAUSTED``: a constant of :mod:`aurora_core.laws.retry`.
    """

    outcome: NDArray[np.int8]
    attempts: NDArray[np.int32]
    throttled: NDArray[np.int32]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    wait: NDArray[np.float64]
    backoff: NDArray[np.float64]
    reason: NDArray[np.int8]


def saw_retryable_error(out: Outcomes) -> NDArray[np.bool_]:
    """Which queries met a failure that passes: who was sent and not settled by the first attempt."""
    settled_at_first = np.isin(out.outcome, (FIRST_TRY, NON_RETRYABLE)) & (out.attempts == 1)
    met: NDArray[np.bool_] = (out.attempts > 0) & ~settled_at_first
    return met


def empty(n: int) -> Outcomes:
    """Make room for ``n`` queries of which nothing has happened yet."""
    return Outcomes(
        outcome=np.zeros(n, np.int8),
        attempts=np.zeros(n, np.int32),
        throttled=np.zeros(n, np.int32),
        start=np.full(n, np.nan),
        end=np.zeros(n),
        wait=np.zeros(n),
        backoff=np.zeros(n),
        reason=np.zeros(n, np.int8),
    )


class Replay(NamedTuple):
    """All that a replay found.

    ``sent``: the start of each attempt in seconds, sorted. ``longest_queue``: the most requests that waited
    at one limiter at a time.
    """

    outcomes: Outcomes
    sent: NDArray[np.float64]
    longest_queue: int
