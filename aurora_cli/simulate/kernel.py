"""Order, waiting and completion of a replay: discrete events on a virtual clock.

The decisions are :mod:`aurora_core.laws`, called as the service calls them. This module only says what
happens in which order, as ``aurora_core.resilience.pipeline`` does live. It runs as plain Python and
compiled (:mod:`engine`), and must do the same in both.

Ties: by time, then completions, permits, arrivals and retries, each in the order in which they were set off.
"""

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from aurora_cli.simulate import event_queue, model, provider, rng
from aurora_cli.simulate import outcomes as outcome
from aurora_cli.simulate.attempt_status import NON_RETRYABLE, OK, THROTTLED, TRANSIENT
from aurora_cli.simulate.event_queue import EventQueue
from aurora_cli.simulate.model import Buffers, Parameters, Traffic
from aurora_cli.simulate.outcomes import Outcomes
from aurora_cli.simulate.provider import ProviderState
from aurora_core.laws import breaker, rate_limit, retry, retry_budget

# The second part of an event's key. What is below PERMIT is a completion.
PERMIT: Final = 1 << 60
ARRIVAL: Final = 1 << 61
RETRY: Final = 1 << 62
SEND: Final = 0
"""No event: the attempt is sent."""

# The cells of `control`: how far the replay is, and whether it was asked to stop.
DONE: Final = 0
STOP: Final = 1


def run(
    parameters: Parameters,
    traffic: Traffic,
    buffers: Buffers,
    out: Outcomes,
    control: NDArray[np.int64],
) -> tuple[int, int]:
    """Replay the traffic and fill ``out``.

    Returns how many attempts were sent and the longest queue at a limiter. ``control`` is read and written
    meanwhile by another thread. Nothing is allocated here, so that compiled code counts no references.
    """
    arrivals = len(traffic.arrival)
    upstream = provider.FRESH
    events = buffers.event_queue
    size = sent = cursor = sequence = 0
    while (cursor < arrivals or size > 0) and control[STOP] == 0:
        sequence += 1
        if cursor < arrivals and (size == 0 or arrives_first(traffic.arrival[cursor], events)):
            now, order, query = traffic.arrival[cursor], ARRIVAL, cursor
            cursor += 1
            control[DONE] = cursor
        else:
            now, order, query = event_queue.peek(events)
            size = event_queue.pop(events, size)

        if order < PERMIT:
            again = complete_attempt(parameters, traffic, buffers, out, query, now)
            if again < math.inf:
                size = event_queue.push(events, size, again, RETRY + sequence, query)
            continue
        start, then = now, SEND
        if order >= ARRIVAL:
            start, then = admit(parameters, traffic, buffers, out, query, now, order == ARRIVAL)
        if start == math.inf:
            continue
        if then != SEND:
            size = event_queue.push(events, size, start, then + sequence, query)
            continue
        upstream, back = send(parameters, traffic, buffers, out, upstream, query, start)
        buffers.sent[sent] = start
        sent += 1
        size = event_queue.push(events, size, back, sequence, query)
    return sent, int(buffers.tally[model.LONGEST_QUEUE])


def arrives_first(arrival: float, events: EventQueue) -> bool:
    """Whether the next arrival comes before the first event of the queue."""
    if arrival == events.time[0]:
        return bool(events.order[0] > ARRIVAL)
    return bool(arrival < events.time[0])


def reserve(
    parameters: Parameters, traffic: Traffic, buffers: Buffers, out: Outcomes, query: int, now: float
) -> float:
    """Reserve a permit at the limiter. Returns its start; infinity: refused, and the query is settled.

    The wait is bounded by the limit's own longest one and by what is left until the deadline.
    """
    lane = traffic.lane[query]
    lanes = buffers.lanes
    policy = model.limit_policy(parameters.limiters, lane)
    begin = parameters.limiters.begin
    memory: Any = lanes.limiter[begin[lane] : begin[lane + 1]]  # the laws' types know no arrays
    left = traffic.arrival[query] + parameters.retry.deadline_s - now
    max_wait = min(policy.max_wait_s, max(0.0, left))
    after, start, wait = rate_limit.reserve(policy, lanes.oldest[lane], memory, now, max_wait, 1)
    lanes.oldest[lane] = after
    if start == math.inf:
        settle(out, query, now, outcome.RATE_LIMITED)
    else:
        out.wait[query] += wait
        model.queue_up(buffers, lane, start, now)
    return start


def admit(
    parameters: Parameters,
    traffic: Traffic,
    buffers: Buffers,
    out: Outcomes,
    query: int,
    now: float,
    is_first: bool,
) -> tuple[float, int]:
    """Take an attempt through breaker and limiter.

    Returns when it starts (infinity: refused, and the query is settled), and what comes then: ``SEND``,
    or the kind of event that waits for the start. One limiter grants its starts in order, so that an attempt
    may be sent ahead of its time; of several, each attempt must wait its turn at the provider.
    """
    if parameters.limit_per_call and is_first:
        start = reserve(parameters, traffic, buffers, out, query, now)
        if start != now:
            return start, RETRY
    lane = traffic.lane[query]
    gate, wait = breaker.admit(parameters.breaker, model.breaker_state(buffers.lanes, lane), now)
    if wait > 0.0:
        settle(out, query, now, outcome.BREAKER_OPEN)
        return math.inf, SEND
    model.set_breaker(buffers.lanes, lane, gate)
    buffers.generation[query] = gate.generation
    if parameters.limit_per_call:
        return now, SEND
    start = reserve(parameters, traffic, buffers, out, query, now)
    if start == math.inf:
        report(parameters, buffers, lane, gate.generation, now, breaker.NEUTRAL)
    in_turn = start == now or len(buffers.lanes.mode) == 1
    return start, SEND if in_turn else PERMIT


def send(
    parameters: Parameters,
    traffic: Traffic,
    buffers: Buffers,
    out: Outcomes,
    upstream: ProviderState,
    query: int,
    start: float,
) -> tuple[ProviderState, float]:
    """Send an attempt to the provider. Returns when it is back; its status is then known."""
    upstream, served, requested = provider.accept(parameters.provider, upstream, buffers.provider, start)
    attempt = out.attempts[query]
    out.attempts[query] = attempt + 1
    if attempt == 0:
        out.start[query] = start
    buffers.requested[query] = requested
    if not served:
        buffers.status[query] = THROTTLED
        out.throttled[query] += 1
        return upstream, start
    buffers.status[query] = provider.fate(
        parameters.provider,
        traffic.recorded[query],
        traffic.failing_share,
        parameters.seed,
        query,
        attempt,
        start,
    )
    return upstream, start + traffic.service[query]


def complete_attempt(
    parameters: Parameters, traffic: Traffic, buffers: Buffers, out: Outcomes, query: int, now: float
) -> float:
    """Take an attempt's answer. Returns when the query tries again; infinity: it is settled."""
    status = buffers.status[query]
    lane = traffic.lane[query]
    report(parameters, buffers, lane, buffers.generation[query], now, breaker_result(status))
    budgets = buffers.lanes.credits
    worker = lane % parameters.workers
    attempts = out.attempts[query]
    if status == OK:
        budgets[worker] = retry_budget.deposit(parameters.budget, budgets[worker])
        settle(out, query, now, outcome.FIRST_TRY if attempts == 1 else outcome.RECOVERED)
        return math.inf
    if status == NON_RETRYABLE:
        settle(out, query, now, outcome.NON_RETRYABLE)
        return math.inf
    again, stop = retry.next_attempt(
        parameters.retry,
        attempts,
        now,
        traffic.arrival[query] + parameters.retry.deadline_s,
        buffers.requested[query],
        rng.uniform(parameters.seed, query, attempts, rng.JITTER),
    )
    if stop == retry.GO:
        left, granted = retry_budget.withdraw(budgets[worker])
        budgets[worker] = left
        if granted:
            out.backoff[query] += again - now
            return again
        stop = retry.NO_BUDGET
    out.reason[query] = stop
    settle(out, query, now, outcome.RETRIES_EXHAUSTED)
    return math.inf


def report(
    parameters: Parameters, buffers: Buffers, lane: int, generation: int, now: float, result: int
) -> None:
    """Report an attempt's result to its lane's breaker."""
    lanes = buffers.lanes
    state = model.breaker_state(lanes, lane)
    window: Any = lanes.window[lane]
    after = breaker.report(parameters.breaker, state, window, generation, now, result)
    model.set_breaker(lanes, lane, after)


def breaker_result(status: int) -> int:
    """What a status means to a breaker, as ``aurora_core.resilience.classify.blame`` has it."""
    if status == OK:
        return breaker.SUCCESS
    return breaker.FAILURE if status == TRANSIENT else breaker.NEUTRAL


def settle(out: Outcomes, query: int, now: float, final: int) -> None:
    """Write down how the query ended."""
    out.outcome[query] = final
    out.end[query] = now
