"""The live objects on a manual clock, driven by a workload: the first of the three worlds."""

import asyncio
from contextvars import ContextVar

import numpy as np

from aurora_cli.simulate import outcomes, provider, rng
from aurora_cli.simulate.attempt_status import NON_RETRYABLE, OK, THROTTLED, TRANSIENT
from aurora_core.config import policies
from aurora_core.laws import retry
from aurora_core.resilience import (
    CircuitBreaker,
    CircuitBreakerOpen,
    ManualClock,
    MetricsCollector,
    Pipeline,
    RateLimiter,
    RateLimitExceeded,
    RetryBudget,
    RetryError,
    RetryHandler,
)

HTTP = {TRANSIENT: 503, THROTTLED: 429, NON_RETRYABLE: 400}
REASONS = {"attempts": retry.NO_ATTEMPTS_LEFT, "deadline": retry.PAST_DEADLINE, "budget": retry.NO_BUDGET}

# Who wakes first at one moment, as the kernel has it.
COMPLETION, PERMIT, ARRIVAL, RETRY = range(4)


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
    """Pipelines of live objects for each worker, all queries as tasks, a provider in virtual time."""

    def __init__(self, scenario, parameters, traffic):
        self.parameters, self.traffic = parameters, traffic
        self.clock = ManualClock()
        self.current = ContextVar("query")
        n = len(traffic.arrival)
        self.out = outcomes.empty(n)
        self.sent = []
        self.metrics = MetricsCollector(clock=self.clock)
        self.provider_state = provider.FRESH
        self.provider_starts = [-np.inf] * parameters.provider.limit.requests
        self.pipelines = self._pipelines(scenario)

    def run(self):
        self.clock.run(self._all())
        return self.out, sorted(self.sent)

    def _pipelines(self, scenario):
        """A pipeline for each lane, as a ``Service`` makes them: a worker's share its retries and budget."""
        budget = policies.budget_policy(scenario.retry)
        retries = [
            RetryHandler.from_policy(
                policies.retry_policy(scenario.retry),
                budget=None if budget is None else RetryBudget.from_policy(budget),
                clock=Ranked(self.clock, RETRY),
                uniform=self._jitter,
            )
            for _ in range(scenario.rate_limit.workers)
        ]
        tiers = (None, *scenario.rate_limit.tiers)
        return [self._pipeline(scenario, tier, worker) for tier in tiers for worker in retries]

    def _pipeline(self, scenario, tier, worker):
        limiter, limit = None, scenario.rate_limit
        if scenario.limited:
            clock = Ranked(self.clock, RETRY if limit.per == "call" else PERMIT)
            limiter = RateLimiter.from_policy(policies.limiter_policy(limit, tier), clock=clock)
        policy = policies.breaker_policy(scenario.breaker)
        breaker = None if policy is None else CircuitBreaker.from_policy(policy, clock=self.clock)
        return Pipeline(worker, breaker, limiter, self.metrics, limit.per, clock=self.clock)

    async def _all(self):
        async with asyncio.TaskGroup() as group:
            for query in range(len(self.traffic.arrival)):
                group.create_task(self._life(query))

    async def _life(self, query):
        self.current.set(query)
        await self.clock.wait_until(self.traffic.arrival[query], ARRIVAL)
        try:
            await self.pipelines[self.traffic.lane[query]].call_async(self._provider, query)
        except RetryError as error:
            outcome = outcomes.RETRIES_EXHAUSTED
            self.out.reason[query] = REASONS[error.reason]
        except RateLimitExceeded:
            outcome = outcomes.RATE_LIMITED
        except CircuitBreakerOpen:
            outcome = outcomes.BREAKER_OPEN
        except ProviderError:
            outcome = outcomes.NON_RETRYABLE
        else:
            outcome = outcomes.FIRST_TRY if self.out.attempts[query] == 1 else outcomes.RECOVERED
        self.out.outcome[query] = outcome
        self.out.end[query] = self.clock.now()

    async def _provider(self, query):
        now = self.clock.now()
        attempt = self.out.attempts[query]
        self.out.attempts[query] += 1
        if attempt == 0:
            self.out.start[query] = now
        self.sent.append(now)
        self.provider_state, served, requested = provider.accept(
            self.parameters.provider, self.provider_state, self.provider_starts, now
        )
        if not served:
            self.out.throttled[query] += 1
            raise ProviderError(429, requested)
        status = provider.fate(
            self.parameters.provider,
            self.traffic.recorded[query],
            self.traffic.failing_share,
            self.parameters.seed,
            query,
            attempt,
            now,
        )
        await self.clock.wait_until(now + self.traffic.service[query], COMPLETION)
        if status != OK:
            raise ProviderError(HTTP[int(status)])

    def _jitter(self):
        query = self.current.get()
        return rng.uniform(self.parameters.seed, query, self.out.attempts[query], rng.JITTER)
