"""A pipeline of parts that keep to the protocols and inherit nothing."""

import asyncio

import pytest
from resilience_doubles import Flaky, ProviderError

from aurora_core.errors import CircuitBreakerOpen, RateLimitExceeded
from aurora_core.resilience.pipeline import Pipeline
from aurora_core.resilience.retry import RetryHandler


class Turnstile:
    """A limiter of the protocol and nothing more: it lets ``places`` through and then refuses."""

    max_wait_time = 5.0

    def __init__(self, places):
        self.places, self.asked = places, []

    def wait_if_needed(self, max_wait=None):
        self.asked.append(max_wait)
        if len(self.asked) > self.places:
            raise RateLimitExceeded(1.0)
        return 0.0

    async def wait(self, max_wait=None):
        return self.wait_if_needed(max_wait)


class Fuse:
    """A breaker of the protocol and nothing more: the first failure opens it for good."""

    def __init__(self):
        self.admitted, self.reports = 0, []

    def admit(self):
        if any(error is not None for _, error in self.reports):
            raise CircuitBreakerOpen("the fuse is blown", 1.0)
        self.admitted += 1
        return self.admitted

    def report(self, generation, error=None):
        self.reports.append((generation, error))


class Tally(list):
    """A sink of the protocol and nothing more."""

    def record_call(self, call):
        self.append((call.reason, call.attempts))


def outcome(pipeline, form, func):
    async def awaited():
        return func()

    try:
        return pipeline.call(func) if form == "sync" else asyncio.run(pipeline.call_async(awaited))
    except (RateLimitExceeded, CircuitBreakerOpen, ProviderError) as error:
        return type(error)


@pytest.mark.parametrize("form", ["sync", "async"])
def test_any_objects_with_the_methods_of_the_protocols_will_do(clock, form):
    limiter, breaker, calls = Turnstile(2), Fuse(), Tally()
    pipeline = Pipeline(RetryHandler(deadline_s=3, clock=clock), breaker, limiter, calls, clock=clock)
    error = ProviderError(400)
    assert outcome(pipeline, form, Flaky()) == "answer"
    assert outcome(pipeline, form, Flaky(error)) is ProviderError
    assert outcome(pipeline, form, Flaky()) is CircuitBreakerOpen
    breaker.reports.pop()
    assert outcome(pipeline, form, Flaky()) is RateLimitExceeded
    assert limiter.asked == [3, 3, 3]
    assert breaker.reports[0] == (1, None)
    assert isinstance(breaker.reports[1][1], RateLimitExceeded)
    assert calls == [
        (None, 1), ("non_retryable", 1), ("breaker_open", 0), ("rate_limited", 0),
    ]  # fmt: skip
