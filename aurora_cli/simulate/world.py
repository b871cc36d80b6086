"""What a replay is made of: the policies, the traffic, and what it writes down while it runs.

Named tuples of numbers and arrays, for the compiled kernel takes nothing else.
"""

from collections.abc import MutableSequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aurora_cli.simulate.agenda import Agenda
from aurora_cli.simulate.provider import ProviderPolicy, ProviderState
from aurora_core.laws.breaker import BreakerPolicy, BreakerState
from aurora_core.laws.limit import LimitPolicy
from aurora_core.laws.retry import RetryPolicy

Floats = NDArray[np.float64]


class World(NamedTuple):
    """The service's policies, the provider's, and the seed of chance."""

    limiter: LimitPolicy
    limit_per_call: bool
    retry: RetryPolicy
    breaker: BreakerPolicy
    provider: ProviderPolicy
    seed: np.uint64


class Traffic(NamedTuple):
    """The workload's arrays ``(n,)``, and for each minute the share of its queries that failed a while."""

    arrival: Floats
    service: Floats
    recorded: NDArray[np.int8]
    failing_share: Floats


class Memory(NamedTuple):
    """What a replay writes down while it runs.

    ``limiter`` and ``provider`` are rings of starts, ``breaker`` a window of outcomes. Of each query's
    attempt in flight ``(n,)``: the breaker's ``generation``, the ``status`` and the wait that a 429
    ``asked`` for. ``placed`` and ``sent`` are the starts, in order, of places taken for a call and of
    attempts.
    """

    limiter: MutableSequence[float]
    provider: MutableSequence[float]
    breaker: MutableSequence[float]
    generation: NDArray[np.int64]
    status: NDArray[np.int8]
    asked: Floats
    agenda: Agenda
    placed: Floats
    sent: Floats


class States(NamedTuple):
    """What the laws remember besides; ``limiter`` is the index of its oldest start."""

    limiter: int
    breaker: BreakerState
    provider: ProviderState
