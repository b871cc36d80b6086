"""One SQLite file of slices."""

import json
import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_pieces import START_S, piece

from aurora_core.errors import StoreError
from aurora_core.metrics import Rollup
from aurora_core.metrics.rollup_row import sum_by, to_row
from aurora_core.store import MetricsStore, Retention

DAY_S = 86_400
EVER = (0, 2**40)


def total(slices):
    return sum_by(slices, lambda _: None).get(None, Rollup())


def plain(rolled):
    """Every figure, and every count that it is made of, in one flat table."""
    flat = {}
    for name, value in {**rolled.metrics(), "buckets": rolled.latency.buckets}.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{key}": count for key, count in value.items()}
        else:
            flat[name] = value
    return {**flat, "hits": rolled.cache_hits, "within": rolled.within_target}


def test_what_was_written_reads_back(store):
    pieces = [piece(minute, seed=minute) for minute in range(3)]
    store.write(pieces)
    assert store.read(*EVER) == pieces


def test_a_stretch_is_half_open(store):
    store.write([piece(minute) for minute in range(4)])
    assert [each.start_s for each in store.read(START_S + 60, START_S + 180)] == [START_S + 60, START_S + 120]


def test_what_is_there_is_added_to(store):
    store.write([piece(0, seed=1)])
    store.write([piece(0, seed=2), piece(0, seed=3, source="host:2"), piece(0, seed=4, model="other")])
    found = store.read(*EVER)
    assert sorted((each.source, each.model, each.calls) for each in found) == [
        ("host:1", "gpt-4", 10), ("host:1", "other", 5), ("host:2", "gpt-4", 5),
    ]  # fmt: skip
    assert [each.measured_minutes for each in found] == [1, 1, 1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 9), st.sampled_from("ab"), st.sampled_from("xy")),
        max_size=12,
    ),
    st.integers(1, 4),
    st.randoms(),
)
def test_writing_in_any_parts_and_any_order_is_writing_at_once(tmp_path_factory, calls, parts, chance):
    pieces = [piece(minute, 3, seed, source, model) for minute, seed, source, model in calls]
    folder = tmp_path_factory.mktemp("stores")
    with closing(MetricsStore(folder / "one.db")) as one, closing(MetricsStore(folder / "many.db")) as many:
        one.write(pieces)
        shuffled = list(pieces)
        chance.shuffle(shuffled)
        for start in range(parts):
            many.write(shuffled[start::parts])
        first, second = (
            {(each.start_s, each.source, each.model): each for each in made.read(*EVER)}
            for made in (one, many)
        )
    assert first.keys() == second.keys()
    for key, each in first.items():
        other = second[key]
        assert other._replace(latency_ms=0, counts=()) == each._replace(latency_ms=0, counts=())
        assert (other.latency_ms, *other.counts) == pytest.approx((each.latency_ms, *each.counts))


def test_a_minute_without_calls_is_a_heartbeat(store):
    store.write([to_row(START_S, 60, "host:1", "", 1, Rollup())])
    (found,) = store.read(*EVER)
    assert (found.measured_minutes, found.calls, found.histogram) == (1, 0, b"")
    assert plain(total([found]))["query_count"] == 0


def test_plain_sql_comes_to_the_same_sums(store, tmp_path):
    store.write([piece(minute, 4, minute, f"host:{minute % 2}") for minute in range(20)])
    whole = total(store.read(*EVER))
    with closing(sqlite3.connect(tmp_path / "metrics.db")) as connection:
        calls, failed, within, attempts, hits, lookups, latency = connection.execute(
            "SELECT sum(calls), sum(failed), sum(within_target), sum(attempts), sum(cache_hits), "
            "sum(cache_lookups), sum(latency_ms) FROM rollups"
        ).fetchone()
        errors = [json.loads(text) for (text,) in connection.execute("SELECT errors FROM rollups")]
    assert (calls, failed, within, attempts) == (
        whole.calls,
        whole.failed,
        whole.within_target,
        whole.attempts,
    )
    assert (hits, lookups) == (whole.cache_hits, whole.cache_lookups)
    assert whole.latency.total == pytest.approx(latency)
    assert whole.errors == {"TimeoutError": sum(each["TimeoutError"] for each in errors)}


def test_old_minutes_become_hours_and_old_hours_days_and_no_count_is_lost(tmp_path):
    made = MetricsStore(tmp_path / "metrics.db", Retention(minutes_s=DAY_S, hours_s=3 * DAY_S))
    pieces = [piece(minute * 30, 3, minute, f"host:{minute % 2}") for minute in range(48 * 6)]
    made.write(pieces)
    after = made.read(*EVER)
    assert plain(total(after)) == pytest.approx(plain(total(pieces)), nan_ok=True)
    assert {each.length_s for each in after} == {60, 3600, DAY_S}
    assert all(each.start_s % each.length_s == 0 for each in after)
    assert max(each.start_s for each in after if each.length_s == DAY_S) < START_S + 3 * DAY_S
    assert min(each.start_s for each in after if each.length_s == 60) >= START_S + 4.9 * DAY_S
    assert sum(each.measured_minutes for each in after) == 48 * 6
    made.close()


def test_folding_happens_once_an_hour(tmp_path):
    made = MetricsStore(tmp_path / "metrics.db", Retention(minutes_s=3600, hours_s=DAY_S))

    def minutes():
        return [(each.start_s - START_S) // 60 for each in made.read(*EVER) if each.length_s == 60]

    made.write([piece(0), piece(180)])
    assert minutes() == [180]
    made.write([piece(1), piece(185)])
    assert minutes() == [1, 180, 185]
    made.write([piece(245)])
    assert minutes() == [180, 185, 245]
    made.close()


def test_from_when_to_when_there_is_something(store, tmp_path):
    store.write([])
    assert MetricsStore(tmp_path / "metrics.db").time_range() is None
    store.write([piece(2), piece(7)])
    assert MetricsStore(tmp_path / "metrics.db").time_range() == (START_S + 120, START_S + 480)


def test_a_reader_does_not_hold_a_writer_up_and_sees_what_was_there(store, tmp_path):
    store.write([piece(0)])
    with closing(sqlite3.connect(f"file:{tmp_path}/metrics.db?mode=ro", uri=True)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM rollups").fetchone() == (1,)
        store.write([piece(1)])
        assert reader.execute("SELECT count(*) FROM rollups").fetchone() == (1,)
    assert len(store.read(*EVER)) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "there is no metrics store"),
        (b"", "is empty: no metrics were ever stored"),
        (
            b"no database at all, but long enough to look like one" * 40,
            "not a SQLite database, or damaged",
        ),
    ],
)
def test_what_is_no_store_is_told_so(tmp_path, content, reason):
    path = tmp_path / "metrics.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StoreError, match=reason):
        MetricsStore(path).read(*EVER)


def test_a_folder_is_no_store(tmp_path):
    with pytest.raises(StoreError, match="there is no metrics store"):
        MetricsStore(tmp_path).read(*EVER)
    with pytest.raises(StoreError, match="cannot be opened"):
        MetricsStore(tmp_path).write([piece(0)])


def test_another_programs_database_is_left_alone(tmp_path):
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
        connection.commit()
    for attempt in (lambda: MetricsStore(path).read(*EVER), lambda: MetricsStore(path).write([piece(0)])):
        with pytest.raises(StoreError, match="database of another program"):
            attempt()
    with closing(sqlite3.connect(path)) as connection:
        assert [name for (name,) in connection.execute("SELECT name FROM sqlite_master")] == ["theirs"]


def test_a_newer_file_than_the_program_is_refused(store, tmp_path):
    store.write([piece(0)])
    store.close()
    with closing(sqlite3.connect(tmp_path / "metrics.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    for attempt in (
        lambda: MetricsStore(tmp_path / "metrics.db").read(*EVER),
        lambda: store.write([piece(1)]),
    ):
        with pytest.raises(StoreError, match=r"written by a newer version .* update aurora-resilience"):
            attempt()


def test_a_file_cut_in_half_is_told_as_damaged(store, tmp_path):
    store.write([piece(minute) for minute in range(400)])
    store.close()
    path = tmp_path / "metrics.db"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(StoreError, match="damaged"):
        MetricsStore(path).read(*EVER)
