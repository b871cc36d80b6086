"""Files that the first version wrote: migrated by a writer, read through a copy by a reader, nothing lost."""

import json
import sqlite3
from contextlib import closing

import pytest

from aurora_core.cache import QueryCache
from aurora_core.manual_clock import ManualClock
from aurora_core.metrics import Rollup
from aurora_core.metrics.rollup_row import sum_by, to_row
from aurora_core.store import Chunk, MetricsStore, SQLiteStore
from aurora_core.store.metrics import schema

NOTICE = json.dumps(
    {
        "key": "high@host", "event": "fire", "rule": "high", "what": "too high", "severity": "warning",
        "metric_name": "error_rate", "value": 0.5, "threshold": 0.05, "at_s": 60.0, "fired_s": 60.0,
    }
)  # fmt: skip

GIVEN_UP = "'given up', 70, 'refused'"


def write(path, application_id, version, statements):
    with closing(sqlite3.connect(path)) as connection:
        for statement, *values in statements:
            connection.execute(statement, values)
        connection.execute(f"PRAGMA application_id = {application_id}")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.commit()


@pytest.fixture
def metrics(tmp_path):
    """A metrics store with one minute, a rule that recovers, and a message that was given up."""
    counts = (60, 60, 1, 1, 1, 3, 3, 0, 5, 900.0, 2, 0, 1, 2, 900.0, 100.0, 500.0, None)
    slices = f"INSERT INTO slices VALUES ({', '.join('?' * 20)})"
    write(
        tmp_path / "metrics.db",
        schema.APPLICATION_ID,
        2,
        [
            *([step] for steps in schema.MIGRATIONS[:2] for step in steps),
            ["INSERT INTO names VALUES (1, 'host:1')"],
            [slices, *counts, '{"exhausted": 1, "refused_limiter": 2}', '{"TimeoutError": 2}'],
            ["INSERT INTO alert_states VALUES ('high', 'clearing', 50.0, 60.0, ?, '[\"team\"]')", NOTICE],
            [
                "INSERT INTO alert_messages VALUES (1, 'team', ?, 60, 60, 1, 'given up', 70, 'refused')",
                NOTICE,
            ],
        ],
    )
    return tmp_path / "metrics.db"


def test_reader_sees_metrics_under_todays_names_and_leaves_the_file_as_it_is(metrics):
    before = metrics.read_bytes()
    (row,) = MetricsStore(metrics).read(0, 3600)
    total = sum_by([row], lambda _: None)[None]
    assert (total.saw_retryable_error, total.cache_hits, total.cache_lookups) == (2, 1, 2)
    assert (row.failures, row.errors) == ({"retries_exhausted": 1, "rate_limited": 2}, {"TimeoutError": 2})
    assert MetricsStore(metrics).time_range() == (60, 120)
    assert metrics.read_bytes() == before


def test_writer_migrates_metrics_and_alerts(metrics):
    store = MetricsStore(metrics)
    store.write([to_row(60, 60, "host:1", "host:1", 1, Rollup())])
    rows = store.read(0, 3600)
    assert sum_by(rows, lambda _: None)[None].failures == {"retries_exhausted": 1, "rate_limited": 2}
    with store.alert_store().transaction() as transaction:
        (state,) = transaction.rule_states().values()
    assert (state.state.status, state.evaluated_s) == ("recovering", 60.0)
    assert state.notification.summary == "too high"
    (stats,) = store.alert_store().channel_stats()
    assert (stats.failed, stats.waiting, stats.error) == (1, 0, "refused")
    assert store.alert_store().resend(100.0) == 1
    assert store.alert_store().claim("team", 100.0, 200.0).notification.summary == "too high"


def test_chunks_of_the_first_version_are_served_and_written(tmp_path):
    path = tmp_path / "chunks.db"
    with SQLiteStore(path) as new:
        new.save_chunks([Chunk("a", "text")])
    with closing(sqlite3.connect(path)) as connection:  # take the file back to the first version
        for statement in (
            "ALTER TABLE tombstones RENAME TO deleted",
            "ALTER TABLE replication_state RENAME COLUMN synced_s TO followed_s",
            "ALTER TABLE replication_state RENAME COLUMN store_id TO store",
            "ALTER TABLE replication_state RENAME TO standing",
            "PRAGMA user_version = 0",
        ):
            connection.execute(statement)
        connection.commit()
    with SQLiteStore(path) as store:
        assert store.get_chunks(["a"]) == [Chunk("a", "text")]
        store.save_chunks([Chunk("b", "more")])
        assert store.count() == 2


def test_cached_answers_of_the_first_version_are_served(tmp_path):
    path, clock = tmp_path / "cache.db", ManualClock()
    with QueryCache(10, 60, path, clock=clock) as cache:
        cache.put("why", "because")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 0")
        connection.commit()
    with QueryCache(10, 60, path, clock=clock) as cache:
        assert cache.get("why") == "because"
