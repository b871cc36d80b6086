"""Each sentence on the rate limiter."""

import asyncio
import math
import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resilience_doubles import assert_flat

from aurora_core.errors import RateLimitExceeded
from aurora_core.manual_clock import ManualClock
from aurora_core.resilience.limiter import RateLimiter


def starts_of(limiter, clock, gaps):
    """Ask after each gap, let a refused one go, and note when each started."""
    starts = []
    for gap in gaps:
        clock.advance(gap)
        waited = limiter.wait_if_needed()
        assert waited >= 0
        starts.append(clock.now())
    return starts


@given(st.integers(1, 20), st.lists(st.floats(0, 30), min_size=1, max_size=80))
def test_never_more_than_n_starts_in_any_rolling_minute(rpm, gaps):
    clock = ManualClock()
    starts = starts_of(RateLimiter(rpm, math.inf, clock=clock), clock, gaps)
    for first, last in zip(starts, starts[rpm:], strict=False):
        assert last >= first + 60


@given(st.integers(1, 20), st.integers(1, 10), st.lists(st.floats(0, 30), min_size=1, max_size=80))
def test_a_bucket_lets_at_most_n_plus_b_minus_1_start_in_a_rolling_minute(rpm, burst, gaps):
    clock = ManualClock()
    starts = starts_of(RateLimiter(rpm, math.inf, burst=burst, clock=clock), clock, gaps)
    for start in starts:
        assert sum(start <= other < start + 60 - 1e-6 for other in starts) <= rpm + burst - 1


def test_a_bucket_of_one_is_an_even_spacing(clock):
    starts = starts_of(RateLimiter(60, burst=1, clock=clock), clock, [0.0] * 5)
    assert [b - a for a, b in pairwise(starts)] == pytest.approx([1.0] * 4)


def test_it_is_work_conserving_and_waits_only_while_the_window_is_full(clock):
    limiter = RateLimiter(3, clock=clock)
    assert [limiter.wait_if_needed() for _ in range(3)] == [0, 0, 0]
    assert limiter.wait_if_needed() == 60
    clock.advance(60)
    assert limiter.wait_if_needed() == 0


def test_a_wait_that_is_too_long_is_refused_at_once_and_reserves_nothing(clock):
    limiter = RateLimiter(1, max_wait_time=30, clock=clock)
    limiter.wait_if_needed()
    clock.advance(10)
    with pytest.raises(RateLimitExceeded) as refusal:
        limiter.wait_if_needed()
    assert refusal.value.retry_after == 50
    assert isinstance(refusal.value, TimeoutError)
    assert clock.sleeps == []
    clock.advance(20)
    assert limiter.wait_if_needed() == 30


def test_no_wait_at_all_never_sleeps(clock):
    limiter = RateLimiter(1, clock=clock)
    assert limiter.wait_if_needed(max_wait=0) == 0
    with pytest.raises(RateLimitExceeded):
        limiter.wait_if_needed(max_wait=0)
    assert clock.sleeps == []


def test_a_longest_wait_that_is_no_number_is_a_value_error(clock):
    with pytest.raises(ValueError, match="max_wait"):
        RateLimiter(1, clock=clock).wait_if_needed(max_wait=math.nan)


def test_would_rate_limit_changes_nothing(clock):
    limiter = RateLimiter(2, clock=clock)
    assert not any(limiter.would_rate_limit() for _ in range(10))
    limiter.wait_if_needed()
    limiter.wait_if_needed()
    assert limiter.would_rate_limit()
    assert limiter.would_rate_limit(places=2)
    clock.advance(60)
    assert not limiter.would_rate_limit()


def test_try_acquire_takes_a_place_if_one_is_free_and_reset_forgets(clock):
    limiter = RateLimiter(1, clock=clock)
    assert [limiter.try_acquire(), limiter.try_acquire()] == [True, False]
    limiter.reset()
    assert limiter.try_acquire()


def test_both_with_forms_wait_for_a_place(clock):
    limiter = RateLimiter(1, clock=clock)
    with limiter:
        assert clock.sleeps == []
    with limiter:
        assert clock.sleeps == [60]

    async def task():
        async with limiter:
            return clock.now()

    assert clock.run(task()) == 1120


@pytest.mark.parametrize("rpm", [0, -1, math.nan, math.inf, 1.5, 1e9])
def test_a_limit_that_is_not_positive_or_no_window_is_a_value_error(rpm):
    with pytest.raises(ValueError, match="requests_per_minute"):
        RateLimiter(rpm)


@pytest.mark.parametrize(
    ("name", "value"), [("max_wait_time", -1), ("max_wait_time", math.nan), ("burst", 0)]
)
def test_a_bound_that_makes_no_sense_is_a_value_error(name, value):
    with pytest.raises(ValueError, match=name):
        RateLimiter(60, **{name: value})


@pytest.mark.parametrize("burst", [None, 5])
@pytest.mark.parametrize("places", [0, -1, 6])
def test_more_places_than_the_limit_ever_has_are_a_value_error(burst, places):
    with pytest.raises(ValueError, match="places"):
        RateLimiter(5, burst=burst).try_acquire(places=places)


def test_a_big_request_first_in_the_queue_is_not_starved_by_small_ones(clock):
    limiter = RateLimiter(4, max_wait_time=math.inf, clock=clock)
    order = []

    async def ask(name, places):
        await limiter.wait(places=places)
        order.append((name, clock.now() - 1000))

    async def crowd():
        async with asyncio.TaskGroup() as group:
            group.create_task(ask("first", 1))
            group.create_task(ask("big", 4))
            for number in range(4):
                group.create_task(ask(f"small {number}", 1))

    clock.run(crowd())
    assert order == [("first", 0), ("big", 60), *((f"small {n}", 120) for n in range(4))]


def test_one_limiter_serves_threads_and_tasks_at_once(clock):
    limiter = RateLimiter(10, max_wait_time=0, clock=clock)
    granted = []
    barrier = threading.Barrier(4)

    async def tasks():
        barrier.wait()
        for _ in range(10):
            try:
                await limiter.wait()
            except RateLimitExceeded:
                continue
            granted.append("task")

    def work():
        barrier.wait()
        granted.extend("thread" for _ in range(10) if limiter.try_acquire())

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    asyncio.run(tasks())
    for thread in threads:
        thread.join()
    assert len(granted) == 10


def test_threads_wait_in_parallel_and_never_race_on_waking():
    """Each thread's reservation is its own: no two get one start, and none is lost."""
    clock = ManualClock()
    limiter = RateLimiter(5, max_wait_time=math.inf, burst=1, clock=clock)
    starts, barrier = [], threading.Barrier(8)

    def work():
        barrier.wait()
        for _ in range(25):
            reservation = limiter._reserve(None, 1)
            starts.append(clock.now() if reservation is None else reservation.start)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(starts) == pytest.approx([12.0 * number for number in range(200)])


@pytest.mark.parametrize("burst", [None, 1])
def test_a_cancelled_waiter_gives_its_place_back_if_nobody_reserved_after_it(clock, burst):
    limiter = RateLimiter(1, burst=burst, clock=clock)
    limiter.wait_if_needed()

    async def scene():
        waiter = asyncio.create_task(limiter.wait())
        await asyncio.sleep(0)
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter
        return await limiter.wait()

    assert clock.run(scene()) == pytest.approx(60)


def test_a_cancelled_waiter_keeps_its_place_where_somebody_reserved_after_it(clock):
    limiter = RateLimiter(1, max_wait_time=math.inf, clock=clock)
    limiter.wait_if_needed()

    async def scene():
        waiter = asyncio.create_task(limiter.wait())
        later = asyncio.create_task(limiter.wait())
        await asyncio.sleep(0)
        waiter.cancel()
        return await later, await limiter.wait()

    assert clock.run(scene()) == (120, 60)


def test_a_refusal_does_not_keep_a_cancelled_waiter_from_giving_back(clock):
    limiter = RateLimiter(1, clock=clock)
    limiter.wait_if_needed()

    async def scene():
        waiter = asyncio.create_task(limiter.wait())
        await asyncio.sleep(0)
        assert not limiter.try_acquire()
        waiter.cancel()
        await asyncio.sleep(0)
        return await limiter.wait()

    assert clock.run(scene()) == pytest.approx(60)


def test_a_big_cancelled_waiter_gives_all_its_places_back(clock):
    limiter = RateLimiter(3, clock=clock)
    limiter.wait_if_needed()

    async def scene():
        waiter = asyncio.create_task(limiter.wait(places=3))
        await asyncio.sleep(0)
        waiter.cancel()
        await asyncio.sleep(0)
        return [await limiter.wait() for _ in range(3)]

    waits = clock.run(scene())
    assert sum(waits) == pytest.approx(60)
    assert clock.now() == pytest.approx(1060)


def test_an_interrupted_sleep_gives_its_place_back():
    class Interrupted(ManualClock):
        def sleep_until(self, moment):
            raise KeyboardInterrupt

    interrupted = Interrupted()
    limiter = RateLimiter(1, clock=interrupted)
    limiter.wait_if_needed()
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            limiter.wait_if_needed()
    with pytest.raises(RateLimitExceeded) as refusal:
        limiter.wait_if_needed(max_wait=0)
    assert refusal.value.retry_after == pytest.approx(60)


def test_stepping_the_wall_clock_by_an_hour_changes_nothing(clock):
    limiter = RateLimiter(1, clock=clock)
    limiter.wait_if_needed()
    clock.step_wall(3600)
    assert limiter.wait_if_needed() == 60
    clock.step_wall(-7200)
    assert limiter.wait_if_needed() == 60


def test_ten_thousand_refusals_leave_memory_and_traceback_length_flat(clock):
    limiter = RateLimiter(1, max_wait_time=0, clock=clock)
    limiter.wait_if_needed()

    assert_flat(limiter.wait_if_needed, RateLimitExceeded)
