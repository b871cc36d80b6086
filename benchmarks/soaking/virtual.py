"""The live parts on a manual clock: tasks that share one pipeline, and a provider on the same clock."""

import asyncio

from aurora_core.resilience import ManualClock, MetricsCollector

from .ledger import CURRENT, Call, Ledger
from .parts import pipeline
from .weather import raise_for

# Who wakes first at one moment, as the replay has it.
COMPLETION, PLACE, ARRIVAL, RETRY = range(4)


def run(arrivals, answering, uniform, tasks, progress):
    """Send calls at these moments through the pipeline; the record of it, and what the collector counted.

    ``answering(call, now)`` is the provider, ``uniform(call)`` the jitter's number. Each task takes the next
    call when it is done with its last: with all of them busy a call would arrive late.
    """
    world = _World(arrivals, answering, uniform, progress)
    world.clock.run(world.all(tasks))
    return world.ledger.record(), world.metrics.get_metrics()


class _World:
    def __init__(self, arrivals, answering, uniform, progress):
        self.clock = ManualClock()
        self.ledger = Ledger()
        self.metrics = MetricsCollector(clock=self.clock)
        self._pipeline = pipeline(self.clock, self.metrics, uniform, (PLACE,), (RETRY,))
        self._answering = answering
        self._total, self._progress = len(arrivals), progress
        self._left = iter(enumerate(arrivals))

    async def all(self, tasks):
        async with asyncio.TaskGroup() as group:
            for _ in range(tasks):
                group.create_task(self._task())

    async def _task(self):
        for number, arrival in self._left:
            await self.clock.wait_until(arrival, ARRIVAL)
            call = Call(number, self.clock.now())
            CURRENT.set(call)
            error = None
            try:
                await self._pipeline.call_async(self._ask, call)
            except Exception as raised:  # noqa: BLE001 - the ledger raises what it does not know
                error = raised
            self.ledger.settle(call, error, self.clock.now())
            if number % 1000 == 0:
                self._progress(number, self._total)

    async def _ask(self, call):
        now = self.clock.now()
        answer = self._answering(call, now)
        attempt = call.sends(now)
        attempt.kind, attempt.took, attempt.requested = answer
        await self.clock.wait_until(now + answer.took_s, COMPLETION)
        raise_for(answer)
