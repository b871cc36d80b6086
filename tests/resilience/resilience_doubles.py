"""What stands in for a provider, and what several tests assert."""

import gc
import heapq
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

from aurora_core.clock import yield_thread
from aurora_core.metrics import MetricsCollector
from aurora_core.resilience.breaker import CircuitBreaker
from aurora_core.resilience.limiter import RateLimiter
from aurora_core.resilience.pipeline import Pipeline
from aurora_core.resilience.retry import RetryHandler


class ProviderError(Exception):
    """An error as an SDK raises it."""

    def __init__(self, status_code=None, retry_after=None, headers=None, code=None):
        super().__init__(status_code)
        if status_code is not None:
            self.status_code = status_code
        if retry_after is not None:
            self.retry_after = retry_after
        if headers is not None:
            self.response = type("Response", (), {"headers": headers})()
        if code is not None:
            self.code = code


class Flaky:
    """A function that raises the errors it is given, one a call, and then answers; counts its calls."""

    def __init__(self, *errors, answer="answer"):
        self.errors, self.answer, self.calls = list(errors), answer, 0

    def __call__(self):
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.answer


def forever(error):
    """A function that always raises the same error."""

    def fail():
        raise error

    return fail


class Parts:
    """A pipeline of the guide's parts on one clock; ``call`` runs it in the form of the test."""

    def __init__(self, clock, form, *, rpm=60, max_wait=60.0, limit_per="attempt", threshold=5, **retry):
        self.clock, self.form = clock, form
        self.retry = RetryHandler(clock=clock, **retry)
        self.breaker = CircuitBreaker(threshold, 60, clock=clock)
        self.limiter = RateLimiter(rpm, max_wait, clock=clock)
        self.collector = MetricsCollector(clock=clock)
        self.pipeline = Pipeline(
            self.retry, self.breaker, self.limiter, self.collector, limit_per, clock=clock
        )

    def call(self, func):
        if self.form == "sync":
            return self.pipeline.call(func)

        async def awaited():
            return func()

        return self.clock.run(self.pipeline.call_async(awaited))

    @property
    def metrics(self):
        return self.collector.get_metrics()


class CrowdClock:
    """Time for so many threads: it moves when all of them sleep, to the next waking, and never before."""

    def __init__(self, threads):
        self._now, self._awake, self._wakings, self._turn = 0.0, threads, [], threading.Condition()

    def now(self):
        return self._now

    def sleep_until(self, moment):
        with self._turn:
            if moment > self._now:
                heapq.heappush(self._wakings, moment)
                self._rest()
                assert self._turn.wait_for(lambda: self._now >= moment, timeout=20)

    def leave(self):
        """A thread has done its work."""
        with self._turn:
            self._rest()

    def _rest(self):
        self._awake -= 1
        if self._awake == 0 and self._wakings:
            self._now = self._wakings[0]
            while self._wakings and self._wakings[0] <= self._now:
                heapq.heappop(self._wakings)
                self._awake += 1
            self._turn.notify_all()


def giving_way(step):
    """The step, with other threads let in between its reading and its result: where a race shows."""

    def slowly(*args):
        result = step(*args)
        yield_thread()
        return result

    return slowly


def in_threads(*works):
    """Run each in a thread of its own, all beginning at once; raise what one of them raised."""
    barrier = threading.Barrier(len(works), timeout=20)

    def run(work):
        barrier.wait()
        work()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, work) for work in works]:
            done.result(30)


def assert_flat(refused, error_type, times=10_000):
    """Refused ten thousand times, a call leaves memory and the length of its traceback as they were."""

    def length(count):
        for _ in range(count):
            try:
                refused()
            except error_type as error:
                last, frame = 0, error.__traceback__
        while frame is not None:
            last, frame = last + 1, frame.tb_next
        return last

    short = length(100)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    assert length(times) == short
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 20_000
