"""What the kernel works on: parameters, traffic, and the buffers that it writes while it runs.

Named tuples of numbers and arrays, for the compiled kernel takes nothing else.

A *lane* is what one worker process has for one tier of models: a limiter and a breaker. Lanes are numbered
``tier * workers + worker``; the tier of the settings themselves is number 0. A worker's lanes share its retry
budget.
"""

from collections.abc import MutableSequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aurora_cli.simulate.event_queue import EventQueue
from aurora_cli.simulate.provider import ProviderPolicy
from aurora_core.laws.breaker import BreakerPolicy, BreakerState
from aurora_core.laws.rate_limit import LimitPolicy
from aurora_core.laws.retry import RetryPolicy
from aurora_core.laws.retry_budget import BudgetPolicy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# The cells of `Buffers.tally`.
GRANTED: Final = 0
LONGEST_QUEUE: Final = 1


class LimitPolicies(NamedTuple):
    """A lane's :class:`LimitPolicy` in each row, column by column ``(lanes,)``.

    ``begin`` ``(lanes + 1,)``: where each lane's memory begins in the one buffer of all lanes.
    """

    kind: Ints
    requests: Ints
    interval_s: Floats
    burst: Floats
    max_wait_s: Floats
    begin: Ints


class Parameters(NamedTuple):
    """The service's policies, the provider's, and the seed of chance."""

    limiters: LimitPolicies
    limit_per_call: bool
    retry: RetryPolicy
    breaker: BreakerPolicy
    budget: BudgetPolicy
    workers: int
    provider: ProviderPolicy
    seed: np.uint64


class Traffic(NamedTuple):
    """The workload's arrays ``(n,)``, the lane of each query, and each minute's share of passing failures."""

    arrival: Floats
    service: Floats
    recorded: NDArray[np.int8]
    lane: NDArray[np.int32]
    failing_share: Floats


class Lanes(NamedTuple):
    """What the laws remember, ``(lanes,)`` each; ``credits`` ``(workers,)`` is the retry budget's.

    ``limiter`` and ``window`` ``(lanes, ...)`` are the memories of limiter and breaker. A lane's queue has
    ``queued`` permits, from index ``first`` to ``last`` of ``Buffers.permits``.
    """

    oldest: Ints
    limiter: Floats
    mode: Ints
    generation: Ints
    failures: Ints
    probe_at: Floats
    window: Floats
    credits: Floats
    queued: Ints
    first: Ints
    last: Ints


class Buffers(NamedTuple):
    """What a replay writes down while it runs.

    Of each query's attempt in flight ``(n,)``: the breaker's ``generation``, the ``status`` and the wait
    that a 429 ``requested``. ``permits`` are the starts that had to be waited for, in order of reservation,
    and ``behind`` the index of the next one of the same lane; ``sent`` are the starts of attempts. ``tally``
    counts permits, and holds the longest queue.
    """

    lanes: Lanes
    provider: MutableSequence[float]
    generation: Ints
    status: NDArray[np.int8]
    requested: Floats
    event_queue: EventQueue
    permits: Floats
    behind: NDArray[np.int32]
    sent: Floats
    tally: Ints


def limit_policy(limiters: LimitPolicies, lane: int) -> LimitPolicy:
    """The limit of a lane."""
    return LimitPolicy(
        kind=limiters.kind[lane],
        requests=limiters.requests[lane],
        interval_s=limiters.interval_s[lane],
        burst=limiters.burst[lane],
        max_wait_s=limiters.max_wait_s[lane],
    )


def breaker_state(lanes: Lanes, lane: int) -> BreakerState:
    """The state of a lane's breaker."""
    return BreakerState(
        mode=lanes.mode[lane],
        generation=lanes.generation[lane],
        failures=lanes.failures[lane],
        probe_at=lanes.probe_at[lane],
    )


def set_breaker(lanes: Lanes, lane: int, state: BreakerState) -> None:
    """Write the state of a lane's breaker."""
    lanes.mode[lane] = state.mode
    lanes.generation[lane] = state.generation
    lanes.failures[lane] = state.failures
    lanes.probe_at[lane] = state.probe_at


def queue_up(buffers: Buffers, lane: int, start: float, now: float) -> None:
    """Append a permit's start to its lane's queue, drop those that are past, and tally the longest queue.

    A lane grants its starts in order: who may start at once finds no one waiting.
    """
    lanes, permits = buffers.lanes, buffers.permits
    if start <= now:
        lanes.queued[lane] = 0
        return
    index = buffers.tally[GRANTED]
    buffers.tally[GRANTED] = index + 1
    permits[index] = start
    length = lanes.queued[lane] + 1
    first = index
    if length > 1:
        buffers.behind[lanes.last[lane]] = index
        first = lanes.first[lane]
    while permits[first] <= now:
        length -= 1
        first = buffers.behind[first]
    lanes.queued[lane] = length
    lanes.first[lane] = first
    lanes.last[lane] = index
    buffers.tally[LONGEST_QUEUE] = max(buffers.tally[LONGEST_QUEUE], length)
