"""From what happened down to the simulator's prediction, a difference at a time.

The simulator knows a log: of each call its arrival, and of its first attempt the time and the answer. The
live parts go through the same calls again and again on a manual clock, each time knowing one thing less, and
in the end as little as the simulator, whose table they must then give to the last bit.
"""

import math
from typing import NamedTuple

import numpy as np

from aurora_cli.simulate import Provider, Replay, Workload, replay
from aurora_cli.simulate.prepare import failing_share
from aurora_core.laws.window import PERIOD_S
from models.in_simpy import splitmix

from . import virtual
from .ledger import Record
from .parts import SCENARIO
from .weather import BAD, OK, THROTTLED, UNAVAILABLE, Answer

FAULT, JITTER = 0, 1
KIND = (OK, UNAVAILABLE, THROTTLED, BAD)
"""The answer that stands for each status of a log."""
TASKS = 1000
"""More than ever run at a time: no call may wait for a task, since the simulator has none."""
SEEDS = 100


class Rung(NamedTuple):
    """A run that has forgotten something: from here on ``why`` makes the difference."""

    name: str
    forgets: str
    why: str


RUNGS = (
    Rung("as it was", "", ""),
    Rung(
        "one time a call",
        "times",
        "a log has one time for a call, which each of its attempts takes, a timeout's as well; live, each "
        "took its own",
    ),
    Rung(
        "429 asks no wait",
        "waits",
        "a log says that a call met a 429, not how long that asked to wait; there is the backoff alone",
    ),
    Rung(
        "retries by the minute",
        "answers",
        "a log says nothing of retries: each fails with the share of first attempts that failed in its "
        "minute, so an outage is spread over its minute, and the share of 429s comes as faults, which count "
        "at the breaker",
    ),
    Rung(
        "simulator's draws",
        "draws",
        "other numbers of chance decide which retry fails and how long a backoff is",
    ),
)


class Remembering:
    """A provider that answers as the record has it, but for what was forgotten."""

    def __init__(self, record, log, forgotten, seed):
        attempts = record.attempts
        self._kind, self._took = attempts["kind"].astype(int).tolist(), attempts["took"].tolist()
        self._requested, self._drawn = attempts["requested"].tolist(), attempts["drawn"].tolist()
        self._first, self._count = record.first.tolist(), record.count.tolist()
        self._service, self._status = log.service_s.tolist(), log.recorded.tolist()
        self._share = failing_share(log.arrival_s, log.recorded).tolist()
        self._forgotten = forgotten
        self._chance = splitmix(seed if "draws" in forgotten else seed + 1)

    def answer(self, call, now):
        """The answer to the attempt that is about to be sent."""
        nth = len(call.attempts)
        row = self._row(call, nth)
        took = self._service[call.number] if row is None or "times" in self._forgotten else self._took[row]
        requested = 0.0 if row is None or "waits" in self._forgotten else self._requested[row]
        if row is not None and (nth == 0 or "answers" not in self._forgotten):
            return Answer(self._kind[row], took, requested)
        if nth == 0:
            return Answer(KIND[self._status[call.number]], took)
        share = self._share[min(int(now / PERIOD_S), len(self._share) - 1)]
        return Answer(UNAVAILABLE if self._chance(call.number, nth, FAULT) < share else OK, took)

    def uniform(self, call):
        """The jitter's number after the attempt that failed."""
        made = len(call.attempts)
        row = self._row(call, made - 1)
        drawn = math.nan if row is None or "draws" in self._forgotten else self._drawn[row]
        return self._chance(call.number, made, JITTER) if math.isnan(drawn) else drawn

    def _row(self, call, nth):
        number = call.number
        return self._first[number] + nth if nth < self._count[number] else None


class Ladder(NamedTuple):
    """The log, a record for each rung, the prediction, and predictions with other draws."""

    log: Workload
    rungs: list[Record]
    predicted: Replay
    others: list[Replay]


def climb(happened, seed, progress):
    """Run them all."""
    log, forgotten, rungs = happened.workload(), frozenset(), []
    for rung in RUNGS:
        forgotten |= {rung.forgets}
        provider = Remembering(happened, log, forgotten, seed)
        record, _ = virtual.run(log.arrival_s.tolist(), provider.answer, provider.uniform, TASKS, progress)
        rungs.append(record)
    predicted = replay(log, SCENARIO, Provider(), seed=seed)
    others = [replay(log, SCENARIO, Provider(), seed=seed + other) for other in range(2, 2 + SEEDS)]
    return Ladder(log, rungs, predicted, others)


def differing(ours, theirs, names=("outcome", "attempts", "start", "end")):
    """How many calls of two replays differ in one of these, be it in the last bit."""
    calls = np.zeros(len(ours.outcomes.outcome), bool)
    for name in names:
        one, other = getattr(ours.outcomes, name), getattr(theirs.outcomes, name)
        calls |= (one != other) & ~(np.isnan(one) & np.isnan(other))
    return int(calls.sum())
