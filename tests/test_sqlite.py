"""Open SQLite files that others are creating, and describe what is wrong with them."""

import sqlite3
import threading
from contextlib import closing

import pytest

from aurora_core import sqlite
from aurora_core.cache import QueryCache
from aurora_core.errors import StoreError
from aurora_core.manual_clock import ManualClock
from aurora_core.sqlite import (
    FileHeader,
    Schema,
    check_version,
    enable_wal,
    open_database,
    open_readonly,
    read_header,
    translate_errors,
)
from aurora_core.store import Chunk, MetricsStore, SQLiteStore


def connected(path):
    return closing(sqlite3.connect(path, timeout=0, isolation_level=None))


ONE = Schema(7, [("CREATE TABLE x (y)",)])
TWO = Schema(7, [*ONE.migrations, ("CREATE TABLE z (y)", "INSERT INTO z SELECT y FROM x")])


def opened(path, schema):
    return closing(open_database(str(path), schema, durability="NORMAL", timeout_s=1.0))


def test_header_names_application_version_and_objects(tmp_path):
    with connected(tmp_path / "x.db") as connection:
        assert read_header(connection) == FileHeader(0, 0, 0)
        assert check_version(connection, ONE, "x.db") == 0
    with opened(tmp_path / "x.db", ONE) as connection:
        assert read_header(connection) == FileHeader(7, 1, 1)
        assert check_version(connection, TWO, "x.db") == 1


def test_file_is_migrated_from_its_version_once(tmp_path):
    with opened(tmp_path / "x.db", ONE) as connection:
        connection.execute("INSERT INTO x VALUES (5)")
    for _ in range(2):
        with opened(tmp_path / "x.db", TWO) as connection:
            assert connection.execute("SELECT y FROM z").fetchall() == [(5,)]
            assert read_header(connection) == FileHeader(7, 2, 2)
    with pytest.raises(StoreError, match=r"written by a newer version \(schema 2, this program knows 1\)"):
        opened(tmp_path / "x.db", ONE)


def test_failed_migration_leaves_the_version_before(tmp_path):
    opened(tmp_path / "x.db", ONE).__exit__()
    broken = TWO._replace(migrations=[*TWO.migrations, ("CREATE TABLE w (y)", "no statement")])
    with pytest.raises(sqlite3.OperationalError):
        opened(tmp_path / "x.db", broken)
    with connected(tmp_path / "x.db") as connection:
        assert read_header(connection) == FileHeader(7, 1, 1)


@pytest.mark.parametrize(
    "theirs", ["CREATE TABLE t (y)", "PRAGMA application_id = 8", "PRAGMA user_version = 5"]
)
def test_another_programs_file_is_left_as_it_is(tmp_path, theirs):
    path = tmp_path / "x.db"
    with connected(path) as connection:
        connection.execute(theirs)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="database of another program"):
        opened(path, ONE)
    assert path.read_bytes() == before  # also no write-ahead log


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (sqlite3.OperationalError("database is locked"), "x.db: locked by another program"),
        (sqlite3.DatabaseError("file is not a database"), "x.db: not a SQLite database, or damaged"),
        (sqlite3.OperationalError("no such table: t"), "x.db: no such table: t"),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"), "surrogates not allowed"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), "x.db: the file is damaged"),
    ],
)
def test_errors_name_the_file_and_the_cause(error, message):
    with pytest.raises(StoreError, match=message) as raised, translate_errors("x.db"):
        raise error
    assert raised.value.__cause__ is error


def test_readonly_connection_cannot_write_or_create(tmp_path):
    opened(tmp_path / "x.db", ONE).__exit__()
    with (
        pytest.raises(StoreError, match="read-only"),
        open_readonly(tmp_path / "x.db") as connection,
    ):
        connection.execute("INSERT INTO x VALUES (1)")
    with pytest.raises(StoreError, match="cannot be opened"), open_readonly(tmp_path / "none.db"):
        pass
    assert not (tmp_path / "none.db").exists()


class Committing(ManualClock):
    """Commits another connection at the third sleep."""

    def __init__(self, connection):
        super().__init__()
        self.connection = connection

    def sleep_until(self, moment):
        super().sleep_until(moment)
        if len(self.sleeps) == 3:
            self.connection.execute("COMMIT")


def test_enabling_the_log_waits_for_a_writer_and_not_for_ever(tmp_path, monkeypatch):
    with connected(tmp_path / "x.db") as other, connected(tmp_path / "x.db") as mine:
        other.execute("BEGIN IMMEDIATE")
        clock = Committing(other)
        monkeypatch.setattr(sqlite, "SYSTEM_CLOCK", clock)
        enable_wal(mine, 1.0)
        assert mine.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert len(clock.sleeps) == 3
    with connected(tmp_path / "y.db") as other, connected(tmp_path / "y.db") as mine:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(sqlite, "SYSTEM_CLOCK", ManualClock())
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            enable_wal(mine, 1.0)


def save_a_chunk(path):
    with SQLiteStore(path) as store:
        store.save_chunks([Chunk("a", "b")])


def write_metrics(path):
    store = MetricsStore(path)
    store.write([])
    store.close()


def keep_an_answer(path):
    with QueryCache(0, 600, path) as cache:
        cache.put("why", "since")
        assert cache.get("why") == "since"


@pytest.mark.parametrize("use", [save_a_chunk, write_metrics, keep_an_answer])
def test_many_that_open_a_new_file_at_once_all_come_in(tmp_path, use):
    wrong = []
    for number in range(30):
        together = threading.Barrier(4)

        def opens(path=tmp_path / f"{number}.db", together=together):
            together.wait()
            try:
                use(path)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
                wrong.append(repr(error))

        threads = [threading.Thread(target=opens) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
