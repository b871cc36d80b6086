"""Whatever becomes of the primary's file: no wrong chunk is served, none is lost, the replica stays whole."""

import itertools
import os
import random
import sqlite3
import threading
from contextlib import closing, suppress

import pytest

from aurora_core.errors import StoreError
from aurora_core.manual_clock import ManualClock
from aurora_core.store import Chunk, ReplicatedStore, SQLiteStore

CHUNKS = [Chunk(f"c{number}", f"text {number} " * 8) for number in range(150)]
IDS = [chunk.id for chunk in CHUNKS]
PAGE = 4096


@pytest.fixture
def paths(tmp_path):
    return tmp_path / "primary.db", tmp_path / "replica.db"


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def store(paths, clock):
    with ReplicatedStore(*paths, probe_s=30, clock=clock) as made:
        made.save_chunks(CHUNKS)
        made.sync()
        yield made


@pytest.fixture
def whole(store, paths):
    """The primary's content, alone in its file."""
    store.close()
    for path in paths:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    return paths[0].read_bytes()


def harmed(whole):
    """One page emptied, filled with noise, or taken for another; some bits turned; the end cut off."""
    pages, chance = len(whole) // PAGE, random.Random(7)
    for page in range(pages):
        start, end = page * PAGE, (page + 1) * PAGE
        yield whole[:start] + bytes(PAGE) + whole[end:]
        yield whole[:start] + chance.randbytes(PAGE) + whole[end:]
        other = (page + 1) % pages * PAGE
        yield whole[:start] + whole[other : other + PAGE] + whole[end:]
    for _ in range(30):
        turned = bytearray(whole)
        for _ in range(3):
            turned[chance.randrange(len(turned))] ^= 1 << chance.randrange(8)
        yield bytes(turned)
        yield whole[: chance.randrange(len(whole))]


def test_a_primary_that_is_damaged_in_part_gives_each_chunk_or_leaves_it_to_the_replica(whole, paths, clock):
    for content in harmed(whole):
        paths[0].write_bytes(content)
        with ReplicatedStore(*paths, probe_s=30, clock=clock) as store:
            for number, chunk in enumerate(CHUNKS[::7]):
                assert store.get_chunks([chunk.id]) == [chunk]
                clock.advance(31 * (number % 3 == 0))
            assert store.get_chunks(IDS) == CHUNKS
            with suppress(StoreError):
                store.sync()
        for log in paths[0].parent.glob("primary.db-*"):
            log.unlink()
        with SQLiteStore(paths[1]) as replica:
            assert replica.get_chunks(IDS) == CHUNKS


def emptied(path):
    path.write_bytes(b"")


def anothers(path):
    path.unlink()
    with SQLiteStore(path) as other:
        other.save_chunks([Chunk("c1", "of another store")])


def without_its_log(path):
    path.with_name(f"{path.name}-wal").unlink()


def with_half_its_log(path):
    log = path.with_name(f"{path.name}-wal")
    os.truncate(log, log.stat().st_size // 2)


@pytest.mark.parametrize("harm", [emptied, anothers])
@pytest.mark.parametrize("restarted", [False, True])
def test_a_file_that_took_the_primarys_place_is_neither_read_nor_written_nor_followed(
    store, whole, paths, clock, harm, restarted
):
    assert restarted or store.get_chunks(IDS) == CHUNKS
    store.close()
    harm(paths[0])
    with ReplicatedStore(*paths, clock=clock) if restarted else store as view:
        assert view.get_chunks(IDS) == CHUNKS
        assert view.status.reading == "replica"
        for refused in (lambda: view.save_chunks([Chunk("lost", "x")]), view.sync):
            with pytest.raises(StoreError, match=r"primary.db (does not exist|lacks writes)"):
                refused()
        assert view.get_chunks(IDS) == CHUNKS


@pytest.mark.parametrize("restarted", [False, True])
def test_an_older_copy_in_the_primarys_place_is_found_out(store, whole, paths, clock, restarted):
    store.save_chunks([Chunk("late", "x")])
    store.delete(["c1"])
    store.sync()
    store.close()
    paths[0].write_bytes(whole)
    with ReplicatedStore(*paths, clock=clock) if restarted else store as view:
        assert view.get_chunks(["late", "c1", "c2"]) == [Chunk("late", "x"), CHUNKS[2]]
        with pytest.raises(StoreError, match="lacks writes that were in it"):
            view.save_chunks([Chunk("lost", "x")])


@pytest.mark.parametrize("harm", [without_its_log, with_half_its_log, emptied, anothers, os.unlink])
def test_under_load_what_was_acknowledged_is_read_or_the_primary_is_known_to_be_down(
    store, paths, clock, harm
):
    stop, kept, wrong, written = threading.Event(), [CHUNKS[1]], [], threading.Semaphore(0)

    def write():
        numbers = itertools.count()
        while not stop.is_set():
            chunk = Chunk(f"new{next(numbers)}", "new")
            with suppress(StoreError):
                store.save_chunks([chunk])
                kept.append(chunk)
            written.release()

    def read():
        chance = random.Random(1)
        while not stop.is_set():
            chunk = chance.choice(kept)
            found = store.get_chunks([chunk.id])
            if found != [chunk] and (found or store.status.failures == 0):
                wrong.append((chunk, found))

    def writes(times):
        for _ in range(times):
            assert written.acquire(timeout=10)

    threads = [threading.Thread(target=run) for run in (write, read, read)]
    for thread in threads:
        thread.start()
    writes(20)
    harm(paths[0])
    writes(20)
    clock.advance(31)
    writes(20)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert store.get_chunks(["c1"]) == [CHUNKS[1]]


def test_a_write_into_a_file_that_was_taken_away_is_not_acknowledged(paths):
    with SQLiteStore(paths[0]) as store:
        store.save_chunks(CHUNKS)
        with pytest.raises(StoreError, match="taken away while it was written"), store.writing():
            paths[0].rename(paths[1])
        with pytest.raises(StoreError, match="does not exist"):
            store.count()
        assert not paths[0].exists()


def test_a_write_goes_through_while_another_thread_closes_the_store(paths):
    with SQLiteStore(paths[0]) as store:
        with store.writing() as connection:
            connection.execute("DELETE FROM chunks")
            closing_it = threading.Thread(target=store.close)
            closing_it.start()
            closing_it.join()
        assert store.count() == 0


def test_a_chunk_that_is_missing_and_that_nobody_deleted_comes_from_the_replica(store, paths):
    with closing(sqlite3.connect(paths[0])) as connection, connection:
        connection.execute("DELETE FROM chunks WHERE id = 'c7'")
    assert store.get_chunks(["c6", "c7"]) == [CHUNKS[6], CHUNKS[7]]
    assert store.status.reading == "replica"
    assert "'c7' is missing, and was never deleted" in store.status.last_error


def test_a_chunk_that_somebody_deleted_is_missing(store, paths, clock):
    with ReplicatedStore(*paths, clock=clock) as other:
        other.delete(["c7"])
    assert store.get_chunks(["c6", "c7", "none"]) == [CHUNKS[6]]
    assert store.status.reading == "primary"
    store.save_chunks([CHUNKS[7]])
    store.sync()
    store.delete(["c7"])
    store.sync()
    assert store.get_chunks(["c7"]) == []
    assert store.status.failures == 0


def test_without_a_replica_a_primary_that_is_down_is_an_error_and_no_empty_answer(tmp_path, clock):
    path = tmp_path / "alone.db"
    with ReplicatedStore(path, tmp_path / "none.db", clock=clock) as store:
        assert store.get_chunks(IDS) == []
        store.save_chunks(CHUNKS)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE chunks SET text = 'wrong' WHERE id = 'c7'")
        for _ in range(2):
            with pytest.raises(StoreError, match="'c7' is damaged"):
                store.get_chunks(IDS)
        assert store.get_chunks(["c1"]) == [CHUNKS[1]]
        assert not (tmp_path / "none.db").exists()


def test_a_store_of_its_own_is_no_replica(tmp_path, clock):
    with SQLiteStore(tmp_path / "own.db") as own:
        own.save_chunks([Chunk("c1", "of its own")])
    with ReplicatedStore(tmp_path / "primary.db", tmp_path / "own.db", clock=clock) as store:
        with pytest.raises(StoreError, match=r"primary.db does not exist"):
            store.get_chunks(["c1"])
        with SQLiteStore(tmp_path / "primary.db") as primary:
            primary.save_chunks([CHUNKS[1]])
        with pytest.raises(StoreError, match=r"own.db has writes of its own"):
            store.sync()
    with SQLiteStore(tmp_path / "own.db") as own:
        assert own.get_chunks(["c1"]) == [Chunk("c1", "of its own")]


def test_a_folder_called_locked_does_not_keep_reads_from_failing_over(tmp_path, clock):
    folder = tmp_path / "database is locked"
    folder.mkdir()
    with ReplicatedStore(folder / "a.db", folder / "b.db", clock=clock) as store:
        store.save_chunks(CHUNKS)
        store.sync()
        store.close()
        (folder / "a.db").write_bytes(b"not a database " * 1000)
        assert store.get_chunks(IDS) == CHUNKS
