"""The virtual hour: what is sent in it, and the two ways to foretell it."""

from random import Random

import numpy as np

from aurora_cli.simulate import Provider, Workload, replay
from aurora_cli.simulate.prepare import failing_share
from aurora_core.laws.window import PERIOD_S
from models.in_simpy import splitmix

from . import virtual
from .ladder import FAULT, JITTER, KIND
from .parts import SCENARIO
from .weather import OK, STATUS, SURGE_S, THROTTLED, UNAVAILABLE, Answer, Weather, Window, within

TASKS = 200
FAIR_A_SECOND, SURGING_A_SECOND = 15.0, 21.0
LIMIT = Provider(rpm=1150, limit="sliding-window", retry_after="next")
"""Less than the service's own limiter lets through: in a surge there are 429s."""


def arrivals(minutes, seed):
    """Moments of calls that come by chance, in seconds from the first; more of them in a surge."""
    chance, now, moments = Random(seed), 0.0, []
    while now < minutes * PERIOD_S:
        moments.append(now)
        now += chance.expovariate(SURGING_A_SECOND if within(now, SURGE_S) else FAIR_A_SECOND)
    return moments


def planned(minutes, seed):
    """A workload whose first attempts are drawn beforehand, from the weather without its limit."""
    weather = Weather(seed)
    moments = arrivals(minutes, seed)
    answers = [weather.served(moment) for moment in moments]
    return Workload(
        np.array(moments),
        np.array([answer.took_s for answer in answers]),
        np.array([STATUS[answer.kind] for answer in answers], np.int8),
    )


def with_all_draws(minutes, seed, progress):
    """The provider keeps to the plan and to the simulator's draws: what happened, counts, prediction."""
    plan = planned(minutes, seed)
    provider = _Keeping(plan, seed)
    record, counted = virtual.run(plan.arrival_s.tolist(), provider.answer, provider.uniform, TASKS, progress)
    return record, counted, replay(plan, SCENARIO, LIMIT, seed=seed)


def with_the_log(minutes, seed, progress):
    """The provider is the weather, of which the simulator sees what a log has: what happened, counts."""
    weather, chance = Weather(seed), Random(seed + 1)
    return virtual.run(
        arrivals(minutes, seed),
        lambda _call, now: weather.answer(now),
        lambda _call: chance.random(),
        TASKS,
        progress,
    )


class _Keeping:
    """The plan's provider, written without the simulator's: a limit, then the planned answer."""

    def __init__(self, plan, seed):
        self._service, self._status = plan.service_s.tolist(), plan.recorded.tolist()
        self._share = failing_share(plan.arrival_s, plan.recorded).tolist()
        self._chance = splitmix(seed)
        self._window = Window(int(LIMIT.rpm), PERIOD_S)

    def answer(self, call, now):
        requested = self._window.refuses(now)
        if requested > 0:
            return Answer(THROTTLED, 0.0, requested)
        number, nth = call.number, len(call.attempts)
        took = self._service[number]
        if nth == 0:
            return Answer(KIND[self._status[number]], took)
        share = self._share[min(int(now / PERIOD_S), len(self._share) - 1)]
        return Answer(UNAVAILABLE if self._chance(number, nth, FAULT) < share else OK, took)

    def uniform(self, call):
        return self._chance(call.number, len(call.attempts), JITTER)
