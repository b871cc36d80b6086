"""The circuit breaker: everything that affects its state stands in this file.

::

               failures reach the threshold
     CLOSED ────────────────────────────────▶ OPEN
        ▲                                    │   ▲
        │ the probe succeeds      timeout ends│   │ the probe fails
        └──────────────────── HALF_OPEN ◀─────┘───┘

Each change of state, and each probe, begins a new *generation*. A call is admitted with the generation
that it saw, and its result counts only while that generation lasts.
"""

import math
from collections.abc import MutableSequence
from typing import Final, NamedTuple

from aurora_core.laws import failure_window

CLOSED: Final = 0
OPEN: Final = 1
HALF_OPEN: Final = 2

SUCCESS: Final = 0
FAILURE: Final = 1
NEUTRAL: Final = 2


class BreakerPolicy(NamedTuple):
    """When to open, and for how long.

    After ``threshold`` consecutive failures (infinity: never) or, where ``failure_rate`` is at most 1,
    when that share of at least ``minimum_calls`` calls of the last ``window_s`` seconds failed.
    """

    threshold: float
    timeout_s: float
    failure_rate: float
    minimum_calls: float
    window_s: float


class BreakerState(NamedTuple):
    """``probe_at`` is when the next probe may pass; a probe in flight holds it for ``timeout_s``."""

    mode: int
    generation: int
    failures: int
    probe_at: float


FRESH: Final = BreakerState(mode=CLOSED, generation=0, failures=0, probe_at=-math.inf)


def admit(policy: BreakerPolicy, state: BreakerState, now: float) -> tuple[BreakerState, float]:
    """May a call pass? Returns the state and the wait in seconds: 0 passes, in ``state.generation``."""
    if state.mode == CLOSED:
        return state, 0.0
    if now < state.probe_at:
        return state, state.probe_at - now
    probing = BreakerState(
        mode=HALF_OPEN,
        generation=state.generation + 1,
        failures=state.failures,
        probe_at=now + policy.timeout_s,
    )
    return probing, 0.0


def report(
    policy: BreakerPolicy,
    state: BreakerState,
    ring: MutableSequence[float],
    generation: int,
    now: float,
    result: int,
) -> BreakerState:
    """The state after a call admitted in ``generation`` came to its end now.

    ``ring`` is the window of :mod:`failure_window`; it is used only if ``failure_rate`` is set.
    """
    if generation != state.generation:
        return state
    if state.mode == HALF_OPEN:
        return _after_probe(policy, state, ring, now, result)
    if result == NEUTRAL:
        return state
    failures = state.failures + 1 if result == FAILURE else 0
    if policy.failure_rate <= 1.0:
        trips = _share_reached(policy, ring, now, result)
    else:
        trips = failures >= policy.threshold
    if trips:
        return _opened(policy, state, now)
    if failures == state.failures:
        return state
    return BreakerState(mode=CLOSED, generation=state.generation, failures=failures, probe_at=state.probe_at)


def _after_probe(
    policy: BreakerPolicy,
    state: BreakerState,
    ring: MutableSequence[float],
    now: float,
    result: int,
) -> BreakerState:
    if result == SUCCESS:
        failure_window.clear(ring)
        return BreakerState(mode=CLOSED, generation=state.generation + 1, failures=0, probe_at=-math.inf)
    if result == FAILURE:
        return _opened(policy, state, now)
    return BreakerState(
        mode=HALF_OPEN,
        generation=state.generation + 1,
        failures=state.failures,
        probe_at=now,
    )


def _share_reached(policy: BreakerPolicy, ring: MutableSequence[float], now: float, result: int) -> bool:
    failure_window.record(ring, policy.window_s, now, 1.0 if result == FAILURE else 0.0)
    calls, failures = failure_window.count(ring, policy.window_s, now)
    # The share as a quotient: 0.55 * 100 is more than 55, 55 / 100 is the number that was written as 0.55.
    return calls >= policy.minimum_calls and failures / calls >= policy.failure_rate


def _opened(policy: BreakerPolicy, state: BreakerState, now: float) -> BreakerState:
    return BreakerState(
        mode=OPEN,
        generation=state.generation + 1,
        failures=state.failures + 1,
        probe_at=now + policy.timeout_s,
    )
