"""Order, waiting and settling of a replay: discrete events on a virtual clock.

The decisions are :mod:`aurora_core.laws`, called as the service calls them. This module only says what
happens in which order, as ``aurora_core.resilience.pipeline`` does live. It runs as plain Python and
compiled (:mod:`engine`), and must do the same in both.

Ties: by time, then completions, then arrivals, then retries, each in the order in which they were set off.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aurora_cli.simulate import agenda, draws, provider
from aurora_cli.simulate import outcomes as outcome
from aurora_cli.simulate.agenda import Agenda
from aurora_cli.simulate.outcomes import Outcomes
from aurora_cli.simulate.statuses import NON_RECOVERABLE, OK, THROTTLED, TRANSIENT
from aurora_cli.simulate.world import Floats, Memory, States, Traffic, World
from aurora_core.laws import breaker, limit, retry

# The second part of an event's key. What is below ARRIVAL is a completion.
ARRIVAL: Final = 1 << 61
RETRY: Final = 1 << 62

# The cells of `control`: how far the replay is, and whether it was asked to stop.
DONE: Final = 0
STOP: Final = 1


def run(
    world: World,
    traffic: Traffic,
    memory: Memory,
    out: Outcomes,
    control: NDArray[np.int64],
) -> tuple[int, int]:
    """Replay the traffic and fill ``out``.

    Returns how many attempts were sent and the longest queue at the limiter. ``control`` is read and written
    meanwhile by another thread. Nothing is allocated here, so that compiled code counts no references.
    """
    arrivals = len(traffic.arrival)
    states = States(limiter=limit.FRESH, breaker=breaker.FRESH, provider=provider.FRESH)
    events = memory.agenda
    line = memory.placed if world.limit_per_call else memory.sent
    size = placed = sent = left = longest = cursor = sequence = 0
    while (cursor < arrivals or size > 0) and control[STOP] == 0:
        sequence += 1
        if cursor < arrivals and (size == 0 or arrives_first(traffic.arrival[cursor], events)):
            now, order, query = traffic.arrival[cursor], ARRIVAL, cursor
            cursor += 1
            control[DONE] = cursor
        else:
            now, order, query = agenda.first(events)
            size = agenda.drop_first(events, size)

        if order < ARRIVAL:
            states, again = land(world, memory, out, states, query, now)
            if again < math.inf:
                size = agenda.push(events, size, again, RETRY + sequence, query)
            continue

        ready = True
        if world.limit_per_call and order == ARRIVAL:
            states, start = place(world, memory, out, states, query, now)
            ready = start == now
            if start < math.inf:
                memory.placed[placed] = start
                placed += 1
                if not ready:
                    size = agenda.push(events, size, start, RETRY + sequence, query)
        if ready:
            states, start, back = launch(world, traffic, memory, out, states, query, now)
            if start < math.inf:
                memory.sent[sent] = start
                sent += 1
                size = agenda.push(events, size, back, sequence, query)

        in_line = placed if world.limit_per_call else sent
        left = gone(line, left, in_line, now)
        longest = max(longest, in_line - left)
    return sent, longest


def gone(line: Floats, left: int, in_line: int, now: float) -> int:
    """How many of the starts in line are past, given that ``left`` were."""
    while left < in_line and line[left] <= now:
        left += 1
    return left


def arrives_first(arrival: float, events: Agenda) -> bool:
    """Whether the next arrival comes before the first event on the agenda."""
    if arrival == events.time[0]:
        return bool(events.order[0] > ARRIVAL)
    return bool(arrival < events.time[0])


def place(
    world: World,
    memory: Memory,
    out: Outcomes,
    states: States,
    query: int,
    now: float,
) -> tuple[States, float]:
    """Reserve a place at the limiter. Returns its start; infinity: refused, and the query is settled."""
    after, start, wait = limit.reserve(
        world.limiter, states.limiter, memory.limiter, now, world.limiter.max_wait_s, 1
    )
    if start == math.inf:
        settle(out, query, now, outcome.REFUSED_LIMITER)
        return states, start
    out.wait[query] += wait
    return States(limiter=after, breaker=states.breaker, provider=states.provider), start


def launch(
    world: World,
    traffic: Traffic,
    memory: Memory,
    out: Outcomes,
    states: States,
    query: int,
    now: float,
) -> tuple[States, float, float]:
    """Take an attempt through breaker and limiter to the provider.

    Returns when it starts and when it is back; infinity: it was refused, and the query is settled.
    """
    gate, wait = breaker.admit(world.breaker, states.breaker, now)
    if wait > 0.0:
        settle(out, query, now, outcome.REFUSED_BREAKER)
        return states, math.inf, math.inf
    states = States(limiter=states.limiter, breaker=gate, provider=states.provider)
    start = now
    if not world.limit_per_call:
        states, start = place(world, memory, out, states, query, now)
        if start == math.inf:
            gate = breaker.report(world.breaker, gate, memory.breaker, gate.generation, now, breaker.NEUTRAL)
            return (
                States(limiter=states.limiter, breaker=gate, provider=states.provider),
                start,
                start,
            )
    memory.generation[query] = gate.generation
    states, back = send(world, traffic, memory, out, states, query, start)
    return states, start, back


def send(
    world: World,
    traffic: Traffic,
    memory: Memory,
    out: Outcomes,
    states: States,
    query: int,
    start: float,
) -> tuple[States, float]:
    """Send an attempt to the provider. Returns when it is back; its status is then known."""
    behind, served, asked = provider.accept(world.provider, states.provider, memory.provider, start)
    states = States(limiter=states.limiter, breaker=states.breaker, provider=behind)
    attempt = out.attempts[query]
    out.attempts[query] = attempt + 1
    if attempt == 0:
        out.start[query] = start
    memory.asked[query] = asked
    if not served:
        memory.status[query] = THROTTLED
        out.throttled[query] += 1
        return states, start
    memory.status[query] = provider.fate(
        world.provider,
        traffic.recorded[query],
        traffic.failing_share,
        world.seed,
        query,
        attempt,
        start,
    )
    return states, start + traffic.service[query]


def land(
    world: World,
    memory: Memory,
    out: Outcomes,
    states: States,
    query: int,
    now: float,
) -> tuple[States, float]:
    """Take an attempt's answer. Returns when the query tries again; infinity: it is settled."""
    status = memory.status[query]
    gate = breaker.report(
        world.breaker,
        states.breaker,
        memory.breaker,
        memory.generation[query],
        now,
        blame(status),
    )
    states = States(limiter=states.limiter, breaker=gate, provider=states.provider)
    attempts = out.attempts[query]
    if status == OK:
        settle(out, query, now, outcome.ANSWERED if attempts == 1 else outcome.RECOVERED)
        return states, math.inf
    if status == NON_RECOVERABLE:
        settle(out, query, now, outcome.NON_RECOVERABLE)
        return states, math.inf
    again, _ = retry.next_attempt(
        world.retry,
        attempts,
        now,
        math.inf,
        memory.asked[query],
        draws.uniform(world.seed, query, attempts, draws.JITTER),
    )
    if again == math.inf:
        settle(out, query, now, outcome.EXHAUSTED)
    else:
        out.backoff[query] += again - now
    return states, again


def blame(status: int) -> int:
    """What a status says to a breaker, as ``aurora_core.resilience.classify.blame`` has it."""
    if status == OK:
        return breaker.SUCCESS
    return breaker.FAILURE if status == TRANSIENT else breaker.NEUTRAL


def settle(out: Outcomes, query: int, now: float, final: int) -> None:
    """Write down how the query ended."""
    out.outcome[query] = final
    out.end[query] = now
