"""Answers that are kept: how long, how many, and through what."""

import asyncio
import random
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.cache import QueryCache
from aurora_core.manual_clock import ManualClock
from aurora_core.metrics import MetricsCollector


@pytest.fixture
def clock():
    return ManualClock(wall=1_790_000_000.0)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache.db"


def test_an_answer_is_kept_for_its_time_and_no_longer(clock):
    cache = QueryCache(10, 60, clock=clock)
    assert cache.get("why") is None
    cache.put("why", "because")
    clock.advance(59.9)
    assert cache.get("why") == "because"
    clock.advance(0.2)
    assert cache.get("why") is None


def test_looking_does_not_make_it_younger(clock, path):
    with QueryCache(10, 60, path, clock=clock) as cache:
        cache.put("why", "because")
        clock.advance(40)
        assert cache.get("why") == "because"
        clock.advance(40)
        assert cache.get("why") is None


def test_the_least_recently_used_leaves_the_memory_and_stays_in_the_file(clock, path):
    memory, file = QueryCache(2, 60, clock=clock), QueryCache(2, 60, path, clock=clock)
    for cache in (memory, file):
        cache.put("a", "1")
        cache.put("b", "2")
        assert cache.get("a") == "1"
        cache.put("c", "3")
    assert [memory.get(key) for key in "abc"] == ["1", None, "3"]
    assert [file.get(key) for key in "abc"] == ["1", "2", "3"]
    file.close()


def test_it_survives_a_restart_and_two_processes_share_the_file(clock, path):
    with QueryCache(10, 60, path, clock=clock) as first, QueryCache(10, 60, path, clock=clock) as second:
        first.put("why", "because")
        assert second.get("why") == "because"
    with QueryCache(10, 60, path, clock=clock) as third:
        assert third.get("why") == "because"


def test_what_is_past_its_time_leaves_the_file(clock, path):
    with QueryCache(10, 60, path, clock=clock) as cache:
        cache.put("old", "1")
        clock.advance(61)
        cache.put("new", "2")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT key FROM answers").fetchall() == [(b"new",)]
    connection.close()


@pytest.mark.parametrize("filed", [False, True])
def test_it_is_forgotten_by_key_by_prefix_and_by_age(clock, path, filed):
    with QueryCache(10, 60, path if filed else None, clock=clock) as cache:
        for key in ("en:why", "en:how", "de:why", "e", "en%"):
            cache.put(key, key)
        cache.invalidate("de:why")
        cache.invalidate_prefix("en:")
        assert [cache.get(key) for key in ("en:why", "en:how", "de:why", "e", "en%")] == [
            None,
            None,
            None,
            "e",
            "en%",
        ]
        clock.advance(10)
        cache.put("young", "y")
        cache.invalidate_older_than(5)
        assert (cache.get("e"), cache.get("young")) == (None, "y")


def test_a_clock_that_was_set_back_makes_no_answer_younger(clock):
    cache = QueryCache(10, 60, clock=clock)
    cache.put("why", "because")
    clock.step_wall(-3600)
    assert cache.get("why") is None


def test_look_ups_are_counted(clock):
    metrics = MetricsCollector(clock=clock)
    cache = QueryCache(10, 60, metrics=metrics, clock=clock)
    cache.get("why")
    cache.put("why", "because")
    cache.get("why")
    assert metrics.get_metrics()["cache_hit_rate"] == 0.5


def test_many_misses_of_one_key_ask_once():
    cache, asked, begun, go = QueryCache(10, 60), [], threading.Event(), threading.Event()

    def ask():
        asked.append(1)
        begun.set()
        assert go.wait(10)
        return "because"

    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(cache.get_or_compute("why", ask))) for _ in range(8)
    ]
    threads[0].start()
    assert begun.wait(10)
    for thread in threads[1:]:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    assert answers == ["because"] * 8
    assert asked == [1]


def test_an_error_is_kept_from_nobody_and_nothing_is_kept():
    cache = QueryCache(10, 60)

    def fail():
        raise TimeoutError("slow")

    with pytest.raises(TimeoutError):
        cache.get_or_compute("why", fail)
    assert cache.get_or_compute("why", lambda: "because") == "because"


def test_an_interrupt_ends_only_whoever_asked_and_the_next_one_asks():
    cache, asked, begun, go = QueryCache(10, 60), [], threading.Event(), threading.Event()

    def ask():
        asked.append(1)
        if len(asked) > 1:
            return "because"
        begun.set()
        assert go.wait(10)
        raise KeyboardInterrupt

    ends = {}

    def wait(name):
        try:
            ends[name] = cache.get_or_compute("why", ask)
        except KeyboardInterrupt:
            ends[name] = "interrupted"

    threads = [threading.Thread(target=wait, args=(name,)) for name in ("first", "second")]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    go.set()
    for thread in threads:
        thread.join()
    assert ends == {"first": "interrupted", "second": "because"}


def test_tasks_that_miss_one_key_ask_once_and_a_cancelled_one_leaves_it_to_the_next():
    async def main():
        cache, asked, go = QueryCache(10, 60), [], asyncio.Event()

        async def ask():
            asked.append(1)
            await go.wait()
            return "because"

        tasks = [asyncio.create_task(cache.get_or_compute_async("why", ask)) for _ in range(5)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        go.set()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(ends[0], asyncio.CancelledError)
        assert ends[1:] == ["because"] * 4
        assert len(asked) == 2
        assert await cache.get_or_compute_async("why", ask) == "because"

    asyncio.run(main())


def test_a_task_that_waits_and_is_cancelled_takes_nobody_with_it():
    async def main():
        cache, go = QueryCache(10, 60), asyncio.Event()

        async def ask():
            await go.wait()
            return "because"

        first, second = (asyncio.create_task(cache.get_or_compute_async("why", ask)) for _ in range(2))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.sleep(0)
        go.set()
        assert await first == "because"
        assert second.cancelled() or (await asyncio.gather(second, return_exceptions=True))

    asyncio.run(main())


def test_a_file_that_fails_makes_misses_is_said_once_and_memory_goes_on(tmp_path, clock, caplog):
    cache = QueryCache(10, 60, tmp_path / "no" / "such" / "cache.db", clock=clock)
    cache.put("why", "because")
    assert cache.get("why") == "because"
    assert cache.get("other") is None
    assert len([record for record in caplog.records if "the cache's file fails" in record.message]) == 1


def test_a_file_that_failed_is_tried_again_after_a_while_and_that_is_said(tmp_path, clock, caplog):
    path = tmp_path / "later" / "cache.db"
    cache = QueryCache(0, 60, path, clock=clock)
    cache.put("why", "because")
    path.parent.mkdir()
    cache.put("why", "because")
    assert not path.exists()  # it is left alone: others would wait for it in turn
    clock.advance(5)
    cache.put("why", "because")
    assert cache.get("why") == "because"
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert "works again" in caplog.records[1].message
    cache.close()


def test_what_was_forgotten_while_the_file_failed_does_not_come_back_with_it(path, clock):
    cache = QueryCache(10, 60, path, clock=clock)
    cache.put("why", "because")
    cache.put("how", "so")
    cache.close()
    away = path.rename(path.with_name("away"))
    path.mkdir()  # no file can be opened in its place
    cache.invalidate("why")
    path.rmdir()
    away.rename(path)
    clock.advance(5)
    restarted = QueryCache(10, 60, path, clock=clock)
    assert restarted.get("why") == "because"  # nobody told that one
    assert cache.get("why") is None
    cache.put("where", "here")
    assert cache.get("where") == "here"
    cache.close()
    restarted.close()


def test_another_programs_file_is_left_alone(path, clock, caplog):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE answers (key, answer, kept_s)")
    before = path.read_bytes()
    with QueryCache(0, 60, path, clock=clock) as cache:
        cache.put("why", "because")
        assert cache.get("why") is None
    assert path.read_bytes() == before
    assert "the database of another program" in caplog.text


def test_a_damaged_file_makes_misses_and_no_error(path, clock):
    with QueryCache(0, 60, path, clock=clock) as cache:
        for number in range(200):
            cache.put(f"key {number}", f"answer {number} " * 20)
    whole, chance = path.read_bytes(), random.Random(3)
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(40):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content[: chance.choice([len(content), chance.randrange(len(content))])])
        cache = QueryCache(0, 60, path, clock=clock)
        for number in range(0, 200, 9):
            cache.get(f"key {number}")
            clock.advance(6)
        cache.put("new", "x")
        cache.close()
        for log in path.parent.glob("cache.db-*"):
            log.unlink()


@pytest.mark.parametrize("damage", ["x'ff'", "'text'", "NULL", "5"])
def test_an_entry_that_became_something_else_is_a_miss(path, clock, damage):
    with QueryCache(0, 60, path, clock=clock) as cache:
        cache.put("why", "because")
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("ALTER TABLE answers RENAME TO whole")
            connection.execute(f"CREATE TABLE answers AS SELECT key, {damage} AS answer, kept_s FROM whole")
        assert cache.get("why") is None


def test_a_cache_that_is_never_closed_does_not_grow_without_end(path, clock):
    cache = QueryCache(10, 60, path, clock=clock)
    for number in range(1000):
        cache.put(f"key {number}", "x")
        clock.advance(1)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM answers").fetchone()[0] <= 2 * 60
    cache.close()


@pytest.mark.parametrize("key", ["\ud800", "a\ud83d", "a\x00b", ""])
def test_any_text_is_a_key_and_an_answer(path, clock, key):
    with QueryCache(0, 60, path, clock=clock) as cache:
        cache.put(key, f"{key} {key}")
        cache.put(f"{key}c", "another")
        cache.put("a", "the beginning of a key is no key")
        assert cache.get(key) == f"{key} {key}"
        cache.invalidate_prefix(f"{key}c")
        assert [cache.get(key), cache.get(f"{key}c")] == [f"{key} {key}", None]


@pytest.mark.parametrize(
    "forget",
    [
        lambda cache: cache.invalidate("why"),
        lambda cache: cache.invalidate_prefix("w"),
        lambda cache: cache.put("why", "newer"),
    ],
)
def test_an_answer_that_was_asked_for_before_its_key_was_forgotten_is_not_kept(path, clock, forget):
    with QueryCache(10, 60, path, clock=clock) as cache:

        def ask():
            forget(cache)
            return "older"

        assert cache.get_or_compute("why", ask) == "older"
        assert cache.get("why") in (None, "newer")
        assert cache.get_or_compute("why", lambda: "newer") == "newer"


def test_who_missed_before_an_answer_landed_does_not_ask_for_it_again():
    cache, asked = QueryCache(10, 60), []
    board = cache._flights.join

    def late(key):
        """Between the miss and the boarding somebody else's answer lands."""
        cache._flights.join = board
        cache.get_or_compute(key, lambda: "because")
        return board(key)

    cache._flights.join = late
    assert cache.get_or_compute("why", lambda: asked.append(1) or "again") == "because"
    assert asked == []


def test_what_another_process_kept_is_found_once_ones_own_is_too_old(path, clock):
    with QueryCache(10, 60, path, clock=clock) as first, QueryCache(10, 60, path, clock=clock) as second:
        first.put("why", "because")
        clock.advance(59)
        second.put("why", "still because")
        clock.advance(2)
        assert first.get("why") == "still because"


def test_a_file_that_is_locked_keeps_neither_the_loop_nor_what_is_in_memory_waiting(path, clock, monkeypatch):
    monkeypatch.setattr("aurora_core.cache.disk._TIMEOUT_S", 60)

    async def main():
        cache = QueryCache(10, 60, path, clock=clock)
        cache.put("hot", "at once")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            cache.close()
            other.execute("BEGIN EXCLUSIVE")

            async def ask():
                return "because"

            waiting = asyncio.create_task(cache.get_or_compute_async("why", ask))
            while not cache._write_lock.locked():  # noqa: ASYNC110 - a lock has no event
                await asyncio.sleep(0)
            assert await cache.get_or_compute_async("hot", ask) == "at once"
            assert cache.get("hot") == "at once"
            assert not waiting.done()
        assert await waiting == "because"
        cache.close()

    asyncio.run(main())


FORKED = """
import os, sys, threading
from aurora_core.cache import QueryCache
cache = QueryCache(0, 60, sys.argv[1])
cache.put("before", "the fork")
asking, go = threading.Event(), threading.Event()
def ask():
    asking.set()
    go.wait()
    return "parent"
thread = threading.Thread(target=cache.get_or_compute, args=("why", ask))
thread.start()
asking.wait()
child = os.fork()
if child == 0:
    assert cache._disk._connection is None
    assert cache.get("before") == "the fork"
    assert cache.get_or_compute("why", lambda: "child") == "child"
    os._exit(0)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
go.set()
thread.join()
assert cache.get("why") == "parent"
sys.exit(status)
"""


def test_after_a_fork_nobody_waits_for_what_the_parent_asks(path):
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED, path], check=True, timeout=30)


def test_no_memory_at_all_reads_the_file(path, clock):
    with QueryCache(0, 60, path, clock=clock) as cache:
        cache.put("why", "because")
        assert cache.get("why") == "because"
    assert QueryCache(0, 60, clock=clock).get("why") is None


@pytest.mark.parametrize(("size", "ttl"), [(-1, 60), (10, 0), (10, -1), (10, float("nan"))])
def test_numbers_that_make_no_cache_are_refused(size, ttl):
    with pytest.raises(ValueError, match="must be"):
        QueryCache(size, ttl)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 40), st.booleans()), max_size=40))
def test_whatever_the_order_it_agrees_with_a_dictionary_of_times(steps):
    clock = ManualClock(wall=1000.0)
    cache, kept = QueryCache(10, 60, clock=clock), {}
    for key, seconds, writes in steps:
        clock.advance(seconds)
        if writes:
            cache.put(key, f"{clock.wall()}")
            kept[key] = clock.wall()
        expected = kept.get(key)
        fresh = expected is not None and clock.wall() - expected < 60
        assert cache.get(key) == (f"{expected}" if fresh else None)
