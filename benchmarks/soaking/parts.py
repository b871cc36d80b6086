"""The live parts that both worlds run through, with the limiter's promises written down."""

from contextvars import ContextVar

from aurora_cli.simulate import Scenario
from aurora_core.config import policies
from aurora_core.config.sections.breaker import Breaker
from aurora_core.config.sections.rate_limit import RateLimit
from aurora_core.config.sections.retry import Retry
from aurora_core.resilience import CircuitBreaker, Pipeline, RateLimiter, RetryHandler

from .ledger import CURRENT
from .weather import TIMEOUT_S

SCENARIO = Scenario(
    RateLimit(rpm=1200, max_wait=5.0),
    Retry(max_retries=4, base_delay_ms=200.0, max_delay_ms=4000.0, jitter="full"),
    Breaker(failure_threshold=5, timeout=8.0),
)
LIMIT, RETRY, BREAKER = SCENARIO.rate_limit, SCENARIO.retry, SCENARIO.breaker
LONGEST_S = (RETRY.max_retries + 1) * (LIMIT.max_wait + TIMEOUT_S + RETRY.max_delay_ms / 1000)
"""No call can take longer: for each attempt the longest wait, the client's patience and a delay."""


def setting():
    """The scenario in words."""
    return (
        f"The pipeline: {LIMIT.rpm:,} starts a minute and at most {LIMIT.max_wait:g} s of waiting; "
        f"{RETRY.max_retries} retries with {RETRY.jitter} jitter from {RETRY.base_delay_ms:g} ms on; a "
        f"breaker that opens at {BREAKER.failure_threshold} failures for {BREAKER.timeout:g} s."
    )


class SeenClock:
    """A clock as one part sees it: it remembers for each caller the last moment that it was given.

    On a manual clock the part's sleepers wake in the order of its rank.
    """

    def __init__(self, clock, *rank):
        self._clock, self._rank = clock, rank
        self._moment = ContextVar("moment")
        self.wall = clock.wall

    def now(self):
        moment = self._clock.now()
        self._moment.set(moment)
        return moment

    def sleep_until(self, moment):
        self._moment.set(moment)
        self._clock.sleep_until(moment)

    async def wait_until(self, moment):
        self._moment.set(moment)
        await self._clock.wait_until(moment, *self._rank)

    def seen(self):
        return self._moment.get()


class WatchedLimiter(RateLimiter):
    """Writes down for the current call what it waited and the start that it was granted."""

    def __init__(self, rpm, max_wait_s, clock):
        super().__init__(rpm, max_wait_s, clock=clock)
        self._seen = clock.seen

    def wait_if_needed(self, max_wait=None, places=1):
        return self._noted(super().wait_if_needed(max_wait, places))

    async def wait(self, max_wait=None, places=1):
        return self._noted(await super().wait(max_wait, places))

    def _noted(self, waited):
        call = CURRENT.get()
        call.waited += waited
        call.granted = self._seen()
        return waited


def pipeline(clock, metrics, uniform, limiter_rank=(), retry_rank=()):
    """A pipeline of the scenario. ``uniform`` gives the jitter's numbers by call; they are written down."""

    def drawn():
        call = CURRENT.get()
        number = call.attempts[-1].drawn = uniform(call)
        return number

    retry = RetryHandler.from_policy(
        policies.retry_policy(RETRY), clock=SeenClock(clock, *retry_rank), uniform=drawn
    )
    return Pipeline(
        retry=retry,
        breaker=CircuitBreaker.from_policy(policies.breaker_policy(BREAKER), clock=clock),
        limiter=WatchedLimiter(LIMIT.rpm, LIMIT.max_wait, SeenClock(clock, *limiter_rank)),
        metrics=metrics,
        clock=clock,
    )
