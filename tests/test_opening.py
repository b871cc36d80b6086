"""Opening a SQLite file that somebody else is making just now."""

import sqlite3
import threading
from contextlib import closing

import pytest

from aurora_core import opening
from aurora_core.cache import QueryCache
from aurora_core.manual_clock import ManualClock
from aurora_core.opening import Head, head_of, keep_a_log
from aurora_core.store import Chunk, MetricsStore, SQLiteStore


def connected(path):
    return closing(sqlite3.connect(path, timeout=0, isolation_level=None))


def test_a_file_says_whose_it_is(tmp_path):
    with connected(tmp_path / "x.db") as connection:
        assert head_of(connection) == Head(0, 0, 0)
        assert head_of(connection).belongs_to(7)
        connection.execute("CREATE TABLE x (y)")
        assert not head_of(connection).belongs_to(7)
        connection.execute("PRAGMA application_id = 7")
        connection.execute("PRAGMA user_version = 3")
        assert head_of(connection) == Head(7, 3, 1)
        assert head_of(connection).belongs_to(7)
        assert not head_of(connection).belongs_to(8)


class Committing(ManualClock):
    """While somebody sleeps, another connection comes to its end."""

    def __init__(self, connection):
        super().__init__()
        self.connection = connection

    def sleep_until(self, moment):
        super().sleep_until(moment)
        if len(self.sleeps) == 3:
            self.connection.execute("COMMIT")


def test_who_goes_over_to_a_log_waits_for_who_writes_and_not_for_ever(tmp_path, monkeypatch):
    with connected(tmp_path / "x.db") as other, connected(tmp_path / "x.db") as mine:
        other.execute("BEGIN IMMEDIATE")
        clock = Committing(other)
        monkeypatch.setattr(opening, "SYSTEM_CLOCK", clock)
        keep_a_log(mine, 1.0)
        assert mine.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert len(clock.sleeps) == 3
    with connected(tmp_path / "y.db") as other, connected(tmp_path / "y.db") as mine:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(opening, "SYSTEM_CLOCK", ManualClock())
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            keep_a_log(mine, 1.0)


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
