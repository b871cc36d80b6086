"""Never two writers: who the primary is stands in the files, for every process and after a restart."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event

import pytest

from aurora_core.errors import StoreError
from aurora_core.manual_clock import ManualClock
from aurora_core.store import Chunk, ReplicatedStore, SQLiteStore

OLD, NEW, LATE = Chunk("old", "kept before"), Chunk("new", "kept after"), Chunk("late", "not followed yet")


@pytest.fixture
def paths(tmp_path):
    return tmp_path / "primary.db", tmp_path / "replica.db"


@pytest.fixture
def opened(paths):
    """Another process's or a restarted one's view of the same two files."""
    made = []

    def open_anew():
        made.append(ReplicatedStore(*paths, probe_s=30, clock=ManualClock()))
        return made[-1]

    yield open_anew
    for store in made:
        store.close()


@pytest.fixture
def store(opened):
    made = opened()
    made.save_chunks([OLD])
    made.sync()
    return made


def put_away(path):
    """Move the file and what lies beside it, and say how to bring them back."""
    files = list(path.parent.glob(f"{path.name}*"))
    moved = [file.rename(file.with_name(f"away-{file.name}")) for file in files]
    return lambda: [away.rename(file) for away, file in zip(moved, files, strict=True)]


def test_a_restarted_process_knows_who_was_promoted(store, opened, paths):
    store.promote()
    store.save_chunks([NEW])
    store.close()
    restarted = opened()
    assert restarted.get_chunks(["old", "new"]) == [OLD, NEW]
    restarted.save_chunks([LATE])
    with SQLiteStore(paths[1]) as file:
        assert file.get_chunks(["late"]) == [LATE]
    restarted.sync()
    with SQLiteStore(paths[0]) as file:
        assert file.get_chunks(["old", "new", "late"]) == [OLD, NEW, LATE]
    assert opened().get_chunks(["late"]) == [LATE]


def test_a_process_that_was_not_told_goes_over_by_itself(store, opened, paths):
    other = opened()
    other.save_chunks([OLD])
    store.promote()
    other.save_chunks([NEW])
    assert store.get_chunks(["new"]) == other.get_chunks(["new"]) == [NEW]
    with SQLiteStore(paths[0]) as file:
        assert file.get_chunks(["new"]) == []


def test_the_old_primary_and_a_replica_take_no_writes(store, paths):
    with pytest.raises(StoreError, match=r"replica.db is a replica, which is written by copying only"):
        SQLiteStore(paths[1]).save_chunks([NEW])
    store.promote()
    with pytest.raises(StoreError, match=r"primary.db is a replica"):
        SQLiteStore(paths[0]).save_chunks([NEW])
    with SQLiteStore(paths[1]) as promoted:
        promoted.save_chunks([NEW])


def test_what_the_old_primary_can_tell_is_promoted_too(store, opened):
    store.save_chunks([LATE])
    store.promote()
    assert store.get_chunks(["old", "late"]) == opened().get_chunks(["old", "late"]) == [OLD, LATE]


def test_an_old_primary_that_comes_back_is_no_writer_and_is_kept_as_it_is(store, opened, paths):
    store.save_chunks([LATE])
    store.close()
    bring_back = put_away(paths[0])
    store.promote()
    store.save_chunks([NEW])
    store.close()
    bring_back()
    for view in (store, opened()):
        assert view.get_chunks(["old", "late", "new"]) == [OLD, NEW]
        view.save_chunks([Chunk("more", "x")])
        with pytest.raises(StoreError, match=r"primary.db has writes of its own; move it away"):
            view.sync()
    with SQLiteStore(paths[0]) as file:
        assert file.get_chunks(["late", "more"]) == [LATE]
    put_away(paths[0])
    store.sync()
    with SQLiteStore(paths[0]) as file:
        assert file.get_chunks(["old", "new"]) == [OLD, NEW]


def test_an_old_primary_that_cannot_be_copied_is_kept_too(store, paths):
    store.save_chunks([LATE, Chunk("broken", "x")])
    with SQLiteStore(paths[0]) as file, file.writing() as connection:
        connection.execute("UPDATE chunks SET text = 'other' WHERE id = 'broken'")
    store.promote()
    assert store.get_chunks(["old", "late"]) == [OLD]
    with pytest.raises(StoreError, match=r"primary.db has writes of its own"):
        store.sync()
    with SQLiteStore(paths[0]) as file:
        assert file.get_chunks(["late"]) == [LATE]
        with pytest.raises(StoreError, match="is written by copying only"):
            file.save_chunks([NEW])


def test_told_twice_it_is_promoted_once(store, opened):
    other = opened()
    assert other.get_chunks(["old"]) == [OLD]
    store.promote()
    other.promote()
    other.save_chunks([NEW])
    assert store.get_chunks(["new"]) == [NEW]
    store.promote()  # a person who wants the first one back
    assert opened().get_chunks(["old", "new"]) == [OLD, NEW]


def test_where_there_is_no_replica_there_is_nothing_to_promote(opened):
    store = opened()
    store.save_chunks([OLD])
    with pytest.raises(StoreError, match="no replica to promote"):
        store.promote()
    assert store.get_chunks(["old"]) == [OLD]


def test_who_writes_while_it_is_promoted_loses_nothing_that_was_acknowledged(store, opened):
    others = [opened() for _ in range(3)]
    promoted = Event()

    def write(number):
        kept, after = [], 0
        for count in range(100_000):
            after += promoted.is_set()
            chunk = Chunk(f"{number}-{count}", "x")
            with suppress(StoreError):  # in between neither takes writes
                others[number].save_chunks([chunk])
                kept.append(chunk)
            if after == 10:
                break
        others[number].close()
        return kept

    with ThreadPoolExecutor(3) as pool:
        writing = [pool.submit(write, number) for number in range(3)]
        try:
            store.promote()
        finally:
            promoted.set()
        kept = [chunk for done in writing for chunk in done.result()]
    assert len(kept) >= 3 * 10 - 3  # the first one after it may still meet the old one
    assert store.get_chunks([chunk.id for chunk in kept]) == kept


PROMOTES = """
import sys
from aurora_core.store import ReplicatedStore
ReplicatedStore(*sys.argv[1:]).promote()
"""


def test_another_process_may_be_told(store, paths):
    subprocess.run([sys.executable, "-c", PROMOTES, *map(str, paths)], check=True)
    store.save_chunks([NEW])
    with SQLiteStore(paths[1]) as file:
        assert file.get_chunks(["old", "new"]) == [OLD, NEW]
