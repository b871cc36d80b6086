"""The rate limiter among threads, and where waiters go away."""

import asyncio
import math
import random
from functools import partial
from itertools import pairwise

import pytest
from resilience_doubles import CrowdClock, in_threads

from aurora_core.errors import RateLimitExceeded
from aurora_core.resilience.limiter import RateLimiter


def starts_in_threads(rpm, think, calls=40, threads=8):
    clock = CrowdClock(threads)
    limiter, starts = RateLimiter(rpm, math.inf, clock=clock), []

    def work(seed):
        chance = random.Random(seed)
        for _ in range(calls):
            limiter.wait_if_needed()
            starts.append(clock.now())
            clock.sleep_until(clock.now() + chance.uniform(0, think))
        clock.leave()

    in_threads(*(partial(work, seed) for seed in range(threads)))
    return sorted(starts)


def test_threads_that_always_ask_fill_each_minute_and_never_overfill_one():
    assert starts_in_threads(rpm=7, think=0) == [60.0 * (number // 7) for number in range(320)]


@pytest.mark.parametrize("think", [1, 40, 200])
def test_threads_that_come_and_go_never_exceed_the_limit_in_any_rolling_minute(think):
    starts = starts_in_threads(rpm=7, think=think)
    assert len(starts) == 320
    for first, last in zip(starts, starts[7:], strict=False):
        assert last >= first + 60


def test_tasks_start_in_the_order_in_which_they_asked(clock):
    limiter, order = RateLimiter(3, math.inf, clock=clock), []

    async def ask(number):
        await limiter.wait()
        order.append((number, clock.now()))

    async def crowd():
        await asyncio.gather(*(ask(number) for number in range(20)))

    clock.run(crowd())
    assert [number for number, _ in order] == list(range(20))
    assert all(earlier <= later for (_, earlier), (_, later) in pairwise(order))


async def begun(coroutine):
    task = asyncio.create_task(coroutine)
    await asyncio.sleep(0)
    return task


async def cancelled(task):
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_waiter_cancelled_after_its_start_gives_nothing_back_for_others_came_since(clock):
    limiter = RateLimiter(2, math.inf, clock=clock)

    async def scene():
        limiter.wait_if_needed(places=2)
        late = await begun(limiter.wait())
        clock.advance(90)
        assert limiter.try_acquire()
        await cancelled(late)
        assert not limiter.try_acquire()

    asyncio.run(scene())


def test_a_waiter_of_before_a_reset_gives_nothing_back(clock):
    limiter = RateLimiter(1, math.inf, clock=clock)

    async def scene():
        limiter.wait_if_needed()
        waiter = await begun(limiter.wait())
        clock.advance(30)
        limiter.reset()
        assert limiter.try_acquire()
        await cancelled(waiter)
        clock.advance(59)
        assert not limiter.try_acquire()

    asyncio.run(scene())


@pytest.mark.parametrize("max_wait", [-1, -1e-9, -math.inf])
def test_with_less_than_no_patience_it_refuses_and_never_grants_what_it_did_not_reserve(clock, max_wait):
    limiter = RateLimiter(2, clock=clock)
    for _ in range(5):
        with pytest.raises(RateLimitExceeded) as refusal:
            limiter.wait_if_needed(max_wait=max_wait)
        assert refusal.value.retry_after == 0
    assert [limiter.try_acquire() for _ in range(3)] == [True, True, False]


def test_a_task_that_leaves_its_block_with_an_error_has_used_its_place_up(clock):
    limiter = RateLimiter(1, clock=clock)

    async def task():
        async with limiter:
            raise KeyError

    with pytest.raises(KeyError):
        clock.run(task())
    assert limiter.would_rate_limit()


def test_those_who_wait_are_counted_until_they_start_or_go_away(clock):
    limiter = RateLimiter(1, 150, clock=clock)

    async def crowd():
        assert limiter.queue == 0
        await limiter.wait()
        waiting = [asyncio.create_task(limiter.wait()) for _ in range(3)]
        await asyncio.sleep(0)
        assert limiter.queue == 2
        with pytest.raises(RateLimitExceeded):  # who is refused does not wait
            await waiting[2]
        assert not limiter.try_acquire()
        assert limiter.queue == 2
        waiting[1].cancel()
        await asyncio.gather(waiting[1], return_exceptions=True)
        assert limiter.queue == 1
        limiter.reset()
        assert limiter.queue == 1  # it is asleep still
        await waiting[0]
        assert limiter.queue == 0

    clock.run(crowd())


def test_a_thread_that_is_interrupted_waits_no_more(clock, monkeypatch):
    limiter = RateLimiter(1, clock=clock)
    limiter.wait_if_needed()

    def interrupted(moment):
        assert limiter.queue == 1
        raise KeyboardInterrupt

    monkeypatch.setattr(clock, "sleep_until", interrupted)
    with pytest.raises(KeyboardInterrupt):
        limiter.wait_if_needed()
    assert limiter.queue == 0


def test_among_threads_the_count_of_those_who_wait_comes_back_to_none():
    clock = CrowdClock(8)
    limiter = RateLimiter(7, math.inf, clock=clock)

    def work():
        for _ in range(40):
            limiter.wait_if_needed()
        clock.leave()

    in_threads(*[work] * 8)
    assert limiter.queue == 0
