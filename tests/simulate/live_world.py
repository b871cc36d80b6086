"""The live objects on a manual clock, driven by a workload: the first of the three worlds."""

import asyncio
from contextvars import ContextVar

import numpy as np

from aurora_cli.simulate import draws, outcomes, provider
from aurora_cli.simulate.statuses import NON_RECOVERABLE, OK, THROTTLED, TRANSIENT
from aurora_core.resilience import (
    CircuitBreaker,
    CircuitBreakerOpen,
    ManualClock,
    MetricsCollector,
    Pipeline,
    RateLimiter,
    RateLimitExceeded,
    RetryError,
    RetryHandler,
)

HTTP = {TRANSIENT: 503, THROTTLED: 429, NON_RECOVERABLE: 400}

# Who wakes first at one moment, as the kernel has it.
COMPLETION, PLACE, ARRIVAL, RETRY = range(4)


class ProviderError(Exception):
    def __init__(self, status_code, retry_after=None):
        super().__init__(status_code)
        self.status_code = status_code
        if retry_after:
            self.retry_after = retry_after


class Ranked:
    """The clock as one part sees it: its sleepers wake in the part's rank."""

    def __init__(self, clock, rank):
        self.now, self.wall, self.sleep_until = clock.now, clock.wall, clock.sleep_until
        self._clock, self._rank = clock, rank

    async def wait_until(self, moment):
        await self._clock.wait_until(moment, self._rank)


class LiveWorld:
    """One pipeline of live objects, all queries of the workload as tasks, and a provider in virtual time."""

    def __init__(self, policy, world, traffic, **by_share):
        self.world, self.traffic = world, traffic
        self.clock = ManualClock()
        self.current = ContextVar("query")
        n = len(traffic.arrival)
        self.out = outcomes.empty(n)
        self.sent = []
        self.metrics = MetricsCollector(clock=self.clock)
        self.provider_state = provider.FRESH
        self.provider_starts = [-np.inf] * world.provider.limit.requests
        self.pipeline = self._pipeline(policy, by_share)

    def run(self):
        self.clock.run(self._all())
        return self.out, self.sent

    def _pipeline(self, policy, by_share):
        limiter = breaker = None
        if policy.rpm is not None:
            rank = RETRY if policy.limit_per == "call" else PLACE
            limiter = RateLimiter(policy.rpm, policy.max_wait_s, policy.burst, clock=Ranked(self.clock, rank))
        if policy.breaker_threshold is not None:
            breaker = CircuitBreaker(
                policy.breaker_threshold, policy.breaker_timeout_s, clock=self.clock, **by_share
            )
        retry = RetryHandler(
            policy.max_retries,
            policy.base_delay_ms,
            policy.max_delay_ms,
            policy.multiplier,
            policy.jitter,
            clock=Ranked(self.clock, RETRY),
            uniform=self._jitter,
        )
        return Pipeline(retry, breaker, limiter, self.metrics, policy.limit_per, clock=self.clock)

    async def _all(self):
        async with asyncio.TaskGroup() as group:
            for query in range(len(self.traffic.arrival)):
                group.create_task(self._life(query))

    async def _life(self, query):
        self.current.set(query)
        await self.clock.wait_until(self.traffic.arrival[query], ARRIVAL)
        try:
            await self.pipeline.call_async(self._provider, query)
        except RetryError:
            outcome = outcomes.EXHAUSTED
        except RateLimitExceeded:
            outcome = outcomes.REFUSED_LIMITER
        except CircuitBreakerOpen:
            outcome = outcomes.REFUSED_BREAKER
        except ProviderError:
            outcome = outcomes.NON_RECOVERABLE
        else:
            outcome = outcomes.ANSWERED if self.out.attempts[query] == 1 else outcomes.RECOVERED
        self.out.outcome[query] = outcome
        self.out.end[query] = self.clock.now()

    async def _provider(self, query):
        now = self.clock.now()
        attempt = self.out.attempts[query]
        self.out.attempts[query] += 1
        if attempt == 0:
            self.out.start[query] = now
        self.sent.append(now)
        self.provider_state, served, asked = provider.accept(
            self.world.provider, self.provider_state, self.provider_starts, now
        )
        if not served:
            self.out.throttled[query] += 1
            raise ProviderError(429, asked)
        status = provider.fate(
            self.world.provider,
            self.traffic.recorded[query],
            self.traffic.failing_share,
            self.world.seed,
            query,
            attempt,
            now,
        )
        await self.clock.wait_until(now + self.traffic.service[query], COMPLETION)
        if status != OK:
            raise ProviderError(HTTP[int(status)])

    def _jitter(self):
        query = self.current.get()
        return draws.uniform(self.world.seed, query, self.out.attempts[query], draws.JITTER)
