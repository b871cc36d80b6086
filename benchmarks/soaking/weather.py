"""The provider that both worlds have: how it answers at a moment, and what a caller sees of it."""

import math
from collections import deque
from random import Random
from typing import Final, NamedTuple

from aurora_cli.simulate import attempt_status

OK, UNAVAILABLE, DROPPED, TIMEOUT, BAD, THROTTLED = range(6)

STATUS: Final = (
    attempt_status.OK,
    attempt_status.TRANSIENT,
    attempt_status.TRANSIENT,
    attempt_status.TRANSIENT,
    attempt_status.NON_RETRYABLE,
    attempt_status.THROTTLED,
)
"""What a log keeps of each kind of answer."""

HTTP: Final = {OK: 200, UNAVAILABLE: 503, BAD: 400, THROTTLED: 429}

TIMEOUT_S: Final = 8.0
"""So long a client waits for an answer."""
CYCLE_S: Final = 300.0
SLOW_S: Final = (60.0, 100.0)
SURGE_S: Final = (130.0, 190.0)
OUTAGE_S: Final = (240.0, 252.0)
"""What each cycle brings: answers that take longer, more traffic, and no answers at all."""
SLOWNESS: Final = 2.2
REFUSING_S: Final = 0.02
MOST_A_SECOND: Final = 34
ILLS: Final = ((0.045, UNAVAILABLE), (0.015, DROPPED), (0.006, TIMEOUT), (0.002, BAD))
"""The share of attempts that fail so in fair weather."""


class Answer(NamedTuple):
    """A kind above, how long it takes, and how long a 429 asks to wait."""

    kind: int
    took_s: float
    retry_after_s: float = 0.0


class ProviderError(Exception):
    """What an SDK raises: a status, and how long to wait where the provider says so."""

    def __init__(self, status_code, retry_after=0.0):
        super().__init__(f"status {status_code}")
        self.status_code = status_code
        self.retry_after = retry_after


def within(moment, stretch):
    """Whether the moment lies in that stretch of its cycle."""
    return stretch[0] <= moment % CYCLE_S < stretch[1]


def raise_for(answer):
    """Raise what a client raises for the answer; nothing for a good one."""
    if answer.kind == DROPPED:
        raise ConnectionResetError("the provider hung up")
    if answer.kind == TIMEOUT:
        raise TimeoutError("no answer")
    if answer.kind != OK:
        raise ProviderError(HTTP[answer.kind], answer.retry_after_s)


class Window:
    """At most so many requests in any rolling period."""

    def __init__(self, most, period_s):
        self._starts = deque(maxlen=most)
        self._period_s = period_s

    def refuses(self, now):
        """Seconds that a 429 asks to wait, rounded up to a header's millisecond; 0: served, and counted."""
        full = len(self._starts) == self._starts.maxlen
        free = self._starts[0] + self._period_s if full else now
        if free - now > 1e-9:
            return math.ceil((free - now) * 1000.0) / 1000.0
        self._starts.append(max(free, now))
        return 0.0


class Weather:
    """Limits by the second, fails now and then, slows down, and is out for a while in each cycle."""

    def __init__(self, seed):
        self._chance = Random(seed)
        self._window = Window(MOST_A_SECOND, 1.0)

    def answer(self, now):
        requested = self._window.refuses(now)
        if requested > 0:
            return Answer(THROTTLED, 0.0, requested)
        return self.served(now)

    def served(self, now):
        """The answer to a request that no limit refused."""
        if within(now, OUTAGE_S):
            return Answer(UNAVAILABLE, REFUSING_S)
        return self._patient(self._kind(), self._chance.lognormvariate(0.2, 0.5), now)

    def _kind(self):
        drawn = self._chance.random()
        for share, kind in ILLS:
            if drawn < share:
                return kind
            drawn -= share
        return OK

    def _patient(self, kind, seconds, now):
        """The answer as a client has it, whose patience ends."""
        took = seconds * (SLOWNESS if within(now, SLOW_S) else 1.0)
        if kind == TIMEOUT or took >= TIMEOUT_S:
            return Answer(TIMEOUT, TIMEOUT_S)
        return Answer(kind, REFUSING_S if kind in (UNAVAILABLE, BAD) else took)
