"""Pipelines among threads and tasks: in parallel, refused, cancelled."""

import asyncio
import threading
from functools import partial

import pytest
from resilience_doubles import Flaky, Parts, ProviderError, assert_flat, forever, in_threads

from aurora_core.errors import CircuitBreakerOpen, RateLimitExceeded, RetryError


async def begun(coroutine):
    task = asyncio.create_task(coroutine)
    await asyncio.sleep(0)
    return task


async def cancelled(task):
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def tripped(given):
    with pytest.raises(RetryError):
        given.call(forever(ProviderError(503)))
    assert given.breaker.state == "OPEN"
    return given


def test_calls_through_one_pipeline_run_in_parallel(clock):
    given = Parts(clock, "sync")
    inside = threading.Barrier(5, timeout=10)
    in_threads(*[partial(given.pipeline.call, inside.wait)] * 5)
    assert given.metrics["query_count"] == 5


def test_fifty_tasks_meet_a_half_open_breaker_and_exactly_one_passes(clock):
    given = tripped(Parts(clock, "async", threshold=1, max_retries=0))
    clock.advance(60)
    sent = []

    async def ask():
        sent.append(1)
        await asyncio.sleep(0)

    async def crowd():
        calls = (given.pipeline.call_async(ask) for _ in range(50))
        return await asyncio.gather(*calls, return_exceptions=True)

    refusals = [result for result in asyncio.run(crowd()) if isinstance(result, CircuitBreakerOpen)]
    assert (len(sent), len(refusals)) == (1, 49)
    assert given.breaker.state == "CLOSED"


def test_ten_thousand_refusals_of_the_limiter_leave_memory_and_traceback_flat(clock):
    given = Parts(clock, "sync", rpm=1, max_wait=0)
    given.call(Flaky())
    assert_flat(lambda: given.call(Flaky()), RateLimitExceeded)


def test_ten_thousand_refusals_of_the_breaker_leave_memory_and_traceback_flat(clock):
    given = tripped(Parts(clock, "sync", threshold=1, max_retries=0))
    assert_flat(lambda: given.call(Flaky()), CircuitBreakerOpen)


def test_a_task_cancelled_at_the_limiter_gives_back_its_place_there_and_the_probes(clock):
    given = tripped(Parts(clock, "async", threshold=1, rpm=1, max_wait=600, max_retries=0))
    clock.advance(60)
    given.limiter.wait_if_needed()

    async def scene():
        probe = await begun(given.pipeline.call_async(asyncio.sleep, 0))
        with pytest.raises(CircuitBreakerOpen):
            await given.pipeline.call_async(asyncio.sleep, 0)
        await cancelled(probe)
        before = clock.now()
        await given.pipeline.call_async(asyncio.sleep, 0)
        return clock.now() - before

    assert clock.run(scene()) == pytest.approx(60)
    assert given.breaker.state == "CLOSED"


def test_a_task_cancelled_during_its_backoff_leaves_no_trace_but_its_attempt_at_the_breaker(clock):
    given = Parts(clock, "async")

    async def scene():
        async def fail():
            raise TimeoutError

        await cancelled(await begun(given.pipeline.call_async(fail)))

    clock.run(scene())
    assert given.breaker.failure_count == 1
    assert given.metrics["query_count"] == 0


def test_a_task_cancelled_inside_its_call_is_no_failure(clock):
    given = Parts(clock, "async", threshold=1)

    async def scene():
        await cancelled(await begun(given.pipeline.call_async(asyncio.Event().wait)))

    clock.run(scene())
    assert given.breaker.state == "CLOSED"
    assert given.metrics["query_count"] == 0


def test_one_pipeline_serves_threads_and_tasks_at_once(clock):
    given = Parts(clock, "sync", rpm=30, max_wait=0)
    refused = []

    def attempt(call):
        try:
            call()
        except RateLimitExceeded:
            refused.append(1)

    def thread():
        for _ in range(10):
            attempt(lambda: given.pipeline.call(Flaky()))

    def tasks():
        for _ in range(10):
            attempt(lambda: asyncio.run(given.pipeline.call_async(asyncio.sleep, 0)))

    in_threads(thread, thread, thread, tasks)
    assert len(refused) == 10
    assert given.metrics["attempt_count"] == 30
    assert given.metrics["failures_by_reason"] == {"rate_limited": 10}


def test_an_async_method_and_a_partial_of_one_are_awaited_too(clock):
    given = Parts(clock, "sync")

    class Client:
        async def ask(self, question):
            return question

    assert clock.run(given.pipeline.call(Client().ask, "why")) == "why"
    assert clock.run(given.pipeline.call(partial(Client().ask, "how"))) == "how"
    assert given.metrics["query_count"] == 2


def test_a_coroutine_that_nobody_would_await_is_a_type_error_and_no_answer(clock):
    given = Parts(clock, "sync")

    async def ask():
        return "answer"

    with pytest.raises(TypeError, match="call_async"):
        given.pipeline.call(lambda: ask())
    assert given.metrics["success_rate"] == 0
