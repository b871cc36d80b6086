"""Reads fail over and come back; writes stay with one; no chunk is lost, and no wrong one served."""

import sqlite3
import threading
from contextlib import closing

import pytest

from aurora_core.errors import StoreError
from aurora_core.manual_clock import ManualClock
from aurora_core.store import Chunk, ReplicatedStore, SQLiteStore

CHUNKS = [Chunk(f"c{number}", f"text {number}") for number in range(300)]
IDS = [chunk.id for chunk in CHUNKS]


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def primary(tmp_path):
    return tmp_path / "primary.db"


@pytest.fixture
def store(tmp_path, primary, clock):
    made = ReplicatedStore(primary, tmp_path / "replica.db", probe_s=30, clock=clock)
    made.save_chunks(CHUNKS)
    made.sync()
    yield made
    made.close()


def cut(path):
    path.write_bytes(path.read_bytes()[:5000])


def corrupt(path):
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start : start + 2048] = b"\xa5" * 2048
    path.write_bytes(content)


def one_chunk(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE chunks SET text = 'wrong' WHERE id = 'c7'")


def delete(path):
    path.unlink()


def no_database(path):
    path.write_bytes(b"not a database " * 1000)


def settled(path):
    """The file alone, without a log beside it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")


@pytest.mark.parametrize("harm", [cut, corrupt, one_chunk, delete, no_database])
def test_reads_fail_over_stay_and_return_by_a_probe(store, primary, clock, harm):
    store.close()
    settled(primary)
    whole = primary.read_bytes()
    assert store.get_chunks(IDS) == CHUNKS
    store.close()
    settled(primary)
    harm(primary)
    assert store.get_chunks(IDS) == CHUNKS
    assert (store.status.reading, store.status.failures) == ("replica", 1)
    assert store.status.last_error
    primary.write_bytes(whole)
    clock.advance(29)
    assert store.get_chunks(IDS) == CHUNKS
    assert store.status.reading == "replica"
    clock.advance(2)
    assert store.get_chunks(IDS) == CHUNKS
    assert (store.status.reading, store.status.failures) == ("primary", 1)


def test_a_primary_that_is_merely_locked_is_not_down(store, primary, monkeypatch):
    monkeypatch.setattr("aurora_core.store.chunks.connections._TIMEOUT_S", 0.01)
    store.close()
    settled(primary)
    with closing(sqlite3.connect(primary, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="locked"):
            store.get_chunks(IDS)
        assert store.status.reading == "primary"
    assert store.get_chunks(IDS) == CHUNKS


def test_writes_go_to_the_primary_only_and_fail_while_it_is_gone(store, primary, tmp_path):
    store.save_chunks([Chunk("new", "x")])
    with SQLiteStore(tmp_path / "replica.db") as replica:
        assert replica.get_chunks(["new"]) == []
    store.close()
    for path in tmp_path.glob("primary.db*"):
        path.unlink()
    for write in (
        lambda: store.save_chunks([Chunk("lost", "x")]),
        lambda: store.delete(["c1"]),
        store.sync,
    ):
        with pytest.raises(StoreError, match="does not exist; restore it, or promote the replica"):
            write()
    assert not primary.exists()
    assert store.get_chunks(["c1"]) == [CHUNKS[1]]


def test_the_replica_follows_and_its_age_is_known(store, tmp_path, clock):
    store.save_chunks([Chunk("new", "x")])
    store.delete(["c0"])
    clock.advance(12)
    assert store.status.age_s == 12
    store.sync()
    assert store.status.age_s == 0
    with SQLiteStore(tmp_path / "replica.db") as replica:
        assert replica.count() == 300
        assert replica.get_chunks(["c0", "new"]) == [Chunk("new", "x")]
    assert ReplicatedStore(tmp_path / "a.db", tmp_path / "b.db").status.age_s is None


@pytest.mark.parametrize("harm", [corrupt, one_chunk, no_database])
def test_a_primary_that_is_not_sound_never_reaches_the_replica(store, primary, tmp_path, harm):
    store.close()
    settled(primary)
    harm(primary)
    with pytest.raises(StoreError):
        store.sync()
    with SQLiteStore(tmp_path / "replica.db") as replica:
        assert replica.get_chunks(IDS) == CHUNKS


def test_a_person_promotes_the_replica(store, primary, tmp_path):
    store.close()
    settled(primary)
    no_database(primary)
    store.promote()
    store.save_chunks([Chunk("new", "x")])
    assert store.get_chunks(["new", "c1"]) == [Chunk("new", "x"), CHUNKS[1]]
    with SQLiteStore(tmp_path / "replica.db") as replica:
        assert replica.count() == 301


def test_it_follows_by_itself_and_what_keeps_it_from_that_is_told_once(tmp_path, caplog):
    tried, go = threading.Semaphore(0), threading.Semaphore(0)

    class Watched(ReplicatedStore):
        def sync(self):
            assert go.acquire(timeout=10)
            try:
                super().sync()
            finally:
                tried.release()

    def follows(times):
        for _ in range(times):
            go.release()
            assert tried.acquire(timeout=10)
        go.release()  # the one before is judged once the next has begun
        assert tried.acquire(timeout=10)

    replica = tmp_path / "replica.db"
    with SQLiteStore(tmp_path / "primary.db") as primary:
        primary.save_chunks(CHUNKS)
    with Watched(tmp_path / "primary.db", replica, sync_interval_s=0.001) as store:
        follows(2)
        with SQLiteStore(replica) as copied:
            assert copied.get_chunks(IDS) == CHUNKS
        assert store.status.age_s is not None
        for path in tmp_path.glob("primary.db*"):
            path.rename(path.with_name(f"away-{path.name}"))
        follows(3)
        assert "primary.db does not exist" in store.status.sync_error
        for path in tmp_path.glob("away-*"):
            path.rename(path.with_name(path.name.removeprefix("away-")))
        follows(2)
        assert store.status.sync_error is None
        for _ in range(1000):
            go.release()
    said = [record.message for record in caplog.records if "sync" in record.message]
    assert [words.partition(":")[0] for words in said] == [
        "the replica cannot be synced",
        "the replica is synced again",
    ]


def test_on_a_clock_of_ones_own_it_follows_only_when_told(tmp_path, clock):
    with ReplicatedStore(tmp_path / "a.db", tmp_path / "b.db", sync_interval_s=0.001, clock=clock) as store:
        assert store._replicator is None
    with pytest.raises(ValueError, match="expected a positive number of seconds"):
        ReplicatedStore(tmp_path / "a.db", tmp_path / "b.db", sync_interval_s=0)


def test_the_replicas_age_is_known_after_a_restart(store, primary, tmp_path, clock):
    clock.advance(7)
    with ReplicatedStore(primary, tmp_path / "replica.db", clock=clock) as restarted:
        assert restarted.status.age_s == 7


def test_a_primary_comes_back_once_it_answers_what_it_failed_at(store, primary, clock):
    with closing(sqlite3.connect(primary)) as connection, connection:
        connection.execute("UPDATE chunks SET text = 'wrong' WHERE id = 'c7'")
    assert store.get_chunks(["c7"]) == [CHUNKS[7]]
    clock.advance(31)
    assert store.get_chunks(["c1"]) == [CHUNKS[1]]
    assert store.status.reading == "replica"
    store.save_chunks([CHUNKS[7]])
    clock.advance(31)
    assert store.get_chunks(["c1"]) == [CHUNKS[1]]
    assert (store.status.reading, store.status.failures) == ("primary", 2)


def test_failing_over_and_coming_back_are_logged_once(store, primary, clock, caplog):
    store.close()
    whole = primary.read_bytes()
    no_database(primary)
    for _ in range(3):
        assert store.get_chunks(IDS) == CHUNKS
        clock.advance(31)
    primary.write_bytes(whole)
    assert store.get_chunks(IDS) == CHUNKS
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert "the primary is down, and the replica answers: " in caplog.text
    assert "primary.db answers again" in caplog.text


def test_under_load_no_reader_meets_a_wrong_or_missing_chunk(store, primary, clock):
    stop, wrong = threading.Event(), []

    def read():
        while not stop.is_set():
            if store.get_chunks(["c7", "c8"]) != [CHUNKS[7], CHUNKS[8]]:
                wrong.append(1)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(5):
            store.sync()
            one_chunk(primary)
            assert store.get_chunks(["c7"]) == [CHUNKS[7]]
            with closing(sqlite3.connect(primary)) as connection, connection:
                connection.execute("UPDATE chunks SET text = 'text 7' WHERE id = 'c7'")
            clock.advance(31)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert wrong == []
