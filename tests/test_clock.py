"""Clocks."""

import asyncio

import pytest

from aurora_core.clock import SystemClock
from aurora_core.manual_clock import ManualClock


def test_a_thread_that_sleeps_moves_the_manual_clock_at_once():
    clock = ManualClock(now=5, wall=100)
    clock.sleep_until(8)
    clock.sleep_until(7)
    assert (clock.now(), clock.wall(), clock.sleeps) == (8, 103, [3])


def test_the_wall_clock_steps_alone():
    clock = ManualClock(wall=100)
    clock.step_wall(3600)
    assert (clock.now(), clock.wall()) == (0, 3700)


def test_running_on_it_jumps_from_waking_to_waking_in_order():
    clock, order = ManualClock(), []

    async def sleeper(name, until, priority=0):
        await clock.wait_until(until, priority)
        order.append((name, clock.now()))

    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(sleeper("late", 7200))
            group.create_task(sleeper("second", 60))
            group.create_task(sleeper("third", 60))
            group.create_task(sleeper("first", 60, priority=-1))
            group.create_task(sleeper("past", -1))
        return clock.now()

    assert clock.run(main()) == 7200
    assert order == [("past", 0), ("first", 60), ("second", 60), ("third", 60), ("late", 7200)]


def test_advancing_wakes_whoever_is_due():
    clock, woken = ManualClock(), []

    async def sleeper(until):
        await clock.wait_until(until)
        woken.append(until)

    async def main():
        tasks = [asyncio.create_task(sleeper(until)) for until in (1, 2, 3)]
        await asyncio.sleep(0)
        clock.advance(2)
        for _ in range(3):
            await asyncio.sleep(0)
        assert woken == [1, 2]
        tasks[2].cancel()

    asyncio.run(main())
    assert clock.now() == 2


def test_a_cancelled_sleeper_is_forgotten():
    clock = ManualClock()

    async def main():
        task = asyncio.create_task(clock.wait_until(50))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await clock.wait_until(10)
        return clock.now()

    assert clock.run(main()) == 10


def test_the_system_clock_goes_forward_and_does_not_wait_for_the_past():
    clock = SystemClock()
    before = clock.now()
    clock.sleep_until(before - 10)
    clock.sleep_until(clock.now() + 0.001)
    asyncio.run(clock.wait_until(clock.now() + 0.001))
    assert clock.now() >= before + 0.002
    assert clock.wall() > 1.7e9
