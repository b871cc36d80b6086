"""What became of each call, written down as it ends: in arrays, so that the ledger itself is no leak."""

import math
from array import array
from contextvars import ContextVar
from threading import Lock
from typing import NamedTuple

import numpy as np

from aurora_cli.simulate import Replay, Workload, outcomes
from aurora_core.errors import CircuitBreakerOpen, RateLimitExceeded, RetryError

from .weather import BAD, OK, STATUS, THROTTLED, ProviderError

CURRENT = ContextVar("call")
"""The call that this thread or task is at."""

CALL_COLUMNS = ("arrival", "end", "waited", "outcome", "reason", "attempts")
ATTEMPT_COLUMNS = ("granted", "sent", "kind", "took", "requested", "drawn", "planned")


class Attempt:
    """One request: the start that the limiter granted, when it left, what came back and how long it took.

    ``drawn`` is the jitter's number after it failed, ``planned`` how long the server meant to take.
    """

    __slots__ = ATTEMPT_COLUMNS

    def __init__(self, granted, sent):
        self.granted, self.sent = granted, sent
        self.kind, self.took, self.requested, self.drawn, self.planned = OK, 0.0, 0.0, math.nan, math.nan


class Call:
    """A call on its way."""

    __slots__ = ("arrival", "attempts", "granted", "number", "waited")

    def __init__(self, number, arrival):
        self.number, self.arrival = number, arrival
        self.attempts = []
        self.waited = 0.0
        self.granted = math.nan

    def sends(self, now):
        """Begin an attempt."""
        attempt = Attempt(self.granted, now)
        self.attempts.append(attempt)
        return attempt


class Ledger:
    """Calls as they end; threads and tasks share one."""

    def __init__(self):
        self._lock = Lock()
        self.calls = {name: array("d") for name in CALL_COLUMNS}
        self.attempts = {name: array("d") for name in ATTEMPT_COLUMNS}

    def settle(self, call, error, now):
        """Write down how a call ended; an error that no call ends with goes up."""
        row = (call.arrival, now, call.waited, _outcome(call, error), _reason(error), len(call.attempts))
        with self._lock:
            for column, value in zip(self.calls.values(), row, strict=True):
                column.append(value)
            for attempt in call.attempts:
                for name, column in self.attempts.items():
                    column.append(getattr(attempt, name))

    def record(self):
        """All calls in order of arrival, times from the first."""
        calls = {name: np.array(column) for name, column in self.calls.items()}
        attempts = {name: np.array(column) for name, column in self.attempts.items()}
        first = np.cumsum(calls["attempts"]) - calls["attempts"]
        order = np.argsort(calls["arrival"], kind="stable")
        origin = calls["arrival"][order[0]]
        for columns, name in ((calls, "arrival"), (calls, "end"), (attempts, "granted"), (attempts, "sent")):
            columns[name] = columns[name] - origin
        return Record(
            **{f"{name}_s": calls[name][order] for name in ("arrival", "end", "waited")},
            outcome=calls["outcome"][order].astype(np.int8),
            reason=calls["reason"][order].astype(np.int8),
            count=calls["attempts"][order].astype(np.int32),
            first=first[order].astype(np.int64),
            attempts=attempts,
        )


class Record(NamedTuple):
    """A run that is over: calls ``(n,)`` in order of arrival, with ``count`` attempts each from ``first``."""

    arrival_s: np.ndarray
    end_s: np.ndarray
    waited_s: np.ndarray
    outcome: np.ndarray
    reason: np.ndarray
    count: np.ndarray
    first: np.ndarray
    attempts: dict[str, np.ndarray]

    def workload(self):
        """What the log of a service knows: of each call its arrival, its first attempt's time and answer.

        What a refused call would have met nobody knows: as much as the nearest one that was sent.
        """
        was_sent = np.flatnonzero(self.count)
        middles = (self.arrival_s[was_sent][1:] + self.arrival_s[was_sent][:-1]) / 2
        nearest = was_sent[np.searchsorted(middles, self.arrival_s)]
        nearest[was_sent] = was_sent
        row = self.first[nearest]
        status = np.array(STATUS, np.int8)[self.attempts["kind"][row].astype(int)]
        return Workload(self.arrival_s, self.attempts["took"][row], status)

    def replayed(self):
        """The same in a replay's arrays, for the same counting."""
        n = len(self.outcome)
        sent = np.flatnonzero(self.count)
        start = np.full(n, np.nan)
        start[sent] = self.attempts["sent"][self.first[sent]]
        order = np.argsort(self.first, kind="stable")
        owner = np.repeat(order, self.count[order])
        throttled = np.bincount(owner, self.attempts["kind"] == THROTTLED, minlength=n).astype(np.int32)
        out = outcomes.Outcomes(
            self.outcome, self.count, throttled, start, self.end_s, self.waited_s, np.zeros(n), self.reason
        )
        return Replay(out, np.sort(self.attempts["granted"]), 0)


def _reason(error):
    """Why retrying ended, as a replay writes it; 0 where it did not end so."""
    reason = error.reason if isinstance(error, RetryError) else None
    return next((code for code, name in outcomes.REASONS.items() if name == reason), 0)


def _outcome(call, error):
    if error is None:
        return outcomes.FIRST_TRY if len(call.attempts) == 1 else outcomes.RECOVERED
    for kind, outcome in (
        (RetryError, outcomes.RETRIES_EXHAUSTED),
        (RateLimitExceeded, outcomes.RATE_LIMITED),
        (CircuitBreakerOpen, outcomes.BREAKER_OPEN),
    ):
        if isinstance(error, kind):
            return outcome
    if isinstance(error, ProviderError) and call.attempts[-1].kind == BAD:
        return outcomes.NON_RETRYABLE
    raise error
