"""Chunks: kept whole, found by id, never served when damaged."""

import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.store import Chunk, CorruptChunk, MetricsStore, SQLiteStore, StoreError

CHUNKS = [Chunk(f"c{number}", f"text {number}", {"page": number}) for number in range(5)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "chunks.db"


@pytest.fixture
def store(path):
    with SQLiteStore(path) as made:
        made.save_chunks(CHUNKS)
        yield made


def test_chunks_come_back_in_the_order_asked_and_what_is_not_there_is_left_out(store):
    assert store.get_chunks(["c3", "none", "c1", "c3"]) == [CHUNKS[3], CHUNKS[1]]
    assert store.get_chunks([]) == []
    assert store.count() == 5


def test_a_chunk_of_the_same_id_takes_the_place(store):
    assert store.save_chunks([Chunk("c1", "new")]) == 1
    assert store.get_chunks(["c1"]) == [Chunk("c1", "new", {})]
    assert store.count() == 5


def test_all_are_kept_or_none(store):
    with pytest.raises(StoreError, match="'bad' cannot be stored"):
        store.save_chunks([Chunk("good", "x"), Chunk("bad", "x", {"x": object()})])

    def broken():
        yield Chunk("good", "x")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.save_chunks(broken())
    assert store.get_chunks(["good"]) == []


def test_what_is_deleted_is_gone(store):
    assert store.delete(["c1", "none", "c2"]) == 2
    assert [chunk.id for chunk in store] == ["c0", "c3", "c4"]


def test_all_are_met_in_order_while_others_write(path):
    with SQLiteStore(path) as store:
        store.save_chunks(Chunk(f"{number:05d}", "x") for number in range(1200))
        met = []
        for chunk in store:
            met.append(chunk.id)
            if chunk.id == "00600":
                store.delete(["00601"])
                store.save_chunks([Chunk("99999", "late")])
        assert met == sorted(met)
        assert len(set(met)) == len(met)
        assert met[-1] == "99999"


@given(
    st.lists(
        st.builds(
            Chunk,
            st.text(max_size=9),
            st.text(max_size=20),
            st.dictionaries(st.text(), st.integers() | st.text()),
        ),
        max_size=8,
    )
)
def test_whatever_text_and_metadata_comes_back_as_it_was(tmp_path_factory, chunks):
    kept = {chunk.id: chunk for chunk in chunks}
    try:
        for chunk in chunks:
            (chunk.id + chunk.text + repr(chunk.metadata)).encode()
    except UnicodeEncodeError:
        return
    with SQLiteStore(tmp_path_factory.mktemp("chunks") / "c.db") as store:
        store.save_chunks(chunks)
        assert store.get_chunks(list(kept)) == list(kept.values())
        assert {chunk.id for chunk in store} == set(kept)


def test_many_ids_are_asked_for_in_parts(path):
    with SQLiteStore(path) as store:
        chunks = [Chunk(str(number), "x") for number in range(3000)]
        store.save_chunks(chunks)
        assert store.get_chunks([chunk.id for chunk in chunks]) == chunks


def test_a_damaged_chunk_is_never_served_and_the_others_are(store, path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE chunks SET text = 'another' WHERE id = 'c1'")
    with pytest.raises(CorruptChunk, match="'c1' is damaged"):
        store.get_chunks(["c0", "c1"])
    assert store.get_chunks(["c0", "c2"]) == [CHUNKS[0], CHUNKS[2]]


def test_a_text_cannot_pass_for_another_by_moving_a_border(path):
    with SQLiteStore(path) as store:
        store.save_chunks([Chunk("ab", "c")])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE chunks SET id = 'a', text = 'bc'")
    with SQLiteStore(path) as store, pytest.raises(CorruptChunk):
        store.get_chunks(["a"])


def test_another_programs_database_is_refused_and_left_alone(tmp_path):
    metrics = MetricsStore(tmp_path / "metrics.db")
    metrics.write([])
    metrics.close()
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection, connection:
        connection.execute("CREATE TABLE chunks (x)")
    (tmp_path / "text.db").write_text("no database at all, only a text that is long enough" * 9)
    for name in ("metrics.db", "other.db", "text.db"):
        before = (tmp_path / name).read_bytes()
        with pytest.raises(StoreError, match=name):
            SQLiteStore(tmp_path / name).count()
        assert (tmp_path / name).read_bytes() == before
    with pytest.raises(StoreError, match="cannot be opened"):
        SQLiteStore(tmp_path / "no" / "chunks.db").count()


@pytest.mark.parametrize("value", [b"text 1", 7, None, 1.5])
def test_a_chunk_whose_text_became_something_else_is_damaged(store, path, value):
    with closing(sqlite3.connect(path)) as connection, connection:
        (table,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'chunks'").fetchone()
        connection.execute("DROP TABLE chunks")
        connection.execute(table.replace("TEXT NOT NULL", "BLOB"))
        connection.execute("INSERT INTO chunks VALUES ('c1', ?, '{}', x'00')", (value,))
    with pytest.raises(CorruptChunk, match="'c1' is damaged"):
        store.get_chunks(["c1"])


def test_what_is_no_text_is_refused_and_nothing_else_is_raised(store):
    deep = {}
    for _ in range(100_000):
        deep = {"deeper": deep}
    for chunk in (Chunk(5, "x"), Chunk("x", None), Chunk("\ud800", "x"), Chunk("x", "y", deep)):
        with pytest.raises(StoreError, match="cannot be stored"):
            store.save_chunks([chunk])
    for ask in (store.get_chunks, store.delete):
        with pytest.raises(StoreError):
            ask(["\ud800"])
        with pytest.raises(StoreError):
            ask([object()])
    assert store.count() == 5


def test_many_ids_are_read_as_of_one_moment(path):
    ids = [str(number) for number in range(1200)]
    with SQLiteStore(path) as store:
        store.save_chunks(Chunk(name, "0") for name in ids)
        stop, torn = threading.Event(), []

        def read():
            while not stop.is_set():
                texts = {chunk.text for chunk in store.get_chunks(ids)}
                if len(texts) != 1:
                    torn.append(texts)

        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        for number in range(20):
            store.save_chunks(Chunk(name, str(number)) for name in ids)
        stop.set()
        for reader in readers:
            reader.join()
        assert torn == []


MAKER = """
import sys
from aurora_core.store import Chunk, SQLiteStore
sys.stdin.readline()
SQLiteStore(sys.argv[1]).save_chunks([Chunk(sys.argv[2], "x")])
"""


def test_processes_that_make_one_file_at_once_make_one_store(path):
    processes = [
        subprocess.Popen([sys.executable, "-c", MAKER, path, str(number)], stdin=subprocess.PIPE)
        for number in range(4)
    ]
    for process in processes:
        process.communicate(b"go\n")
    assert [process.returncode for process in processes] == [0] * 4
    with SQLiteStore(path) as store:
        assert {chunk.id for chunk in store} == {"0", "1", "2", "3"}
        assert store.state().sequence == 4


FORKED = """
import os, sys
from aurora_core.store import Chunk, SQLiteStore
from aurora_core.store.chunks import connections
store = SQLiteStore(sys.argv[1])
store.save_chunks([Chunk("before", "x")])
child = os.fork()
name = "parent" if child else "child"
for number in range(50):
    store.save_chunks([Chunk(f"{name}{number}", "x")])
    assert store.get_chunks(["c1"])
if child == 0:
    os._exit(len(connections._inherited))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_after_a_fork_parent_and_child_both_go_on(store, path):
    subprocess.run([sys.executable, "-c", FORKED, path], check=True, timeout=60)
    assert store.count() == 106
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_threads_read_while_one_writes(path):
    with SQLiteStore(path) as store:
        store.save_chunks([Chunk("a", "0"), Chunk("b", "0")])
        stop, torn = threading.Event(), []

        def read():
            while not stop.is_set():
                one, other = store.get_chunks(["a", "b"])
                if one.text != other.text:
                    torn.append((one, other))

        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        for number in range(50):
            store.save_chunks([Chunk("a", str(number)), Chunk("b", str(number))])
        stop.set()
        for reader in readers:
            reader.join()
        assert torn == []


KILLED = """
import os, signal, sys
from aurora_core.store import Chunk, SQLiteStore
store = SQLiteStore(sys.argv[1])
number = 0
while True:
    store.save_chunks([Chunk(f"{number}-a", "x"), Chunk(f"{number}-b", "x")])
    print(number, flush=True)
    number += 1
"""


def test_what_was_acknowledged_is_there_after_a_kill(path):
    process = subprocess.Popen([sys.executable, "-c", KILLED, path], stdout=subprocess.PIPE, text=True)
    acknowledged = [int(process.stdout.readline()) for _ in range(30)]
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    with SQLiteStore(path) as store:
        ids = {chunk.id for chunk in store}
    assert {f"{number}-{half}" for number in acknowledged for half in "ab"} <= ids
    assert len(ids) % 2 == 0
