"""What was acknowledged is there afterwards; what could not be stored is counted and said."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from store_pieces import START_S

from aurora_core.errors import StoreError
from aurora_core.manual_clock import ManualClock
from aurora_core.metrics import MetricsCollector
from aurora_core.store import MetricsStore

EVER = (0, 2**40)

WRITER = """
import sys
from aurora_core.metrics import MetricsCollector
from aurora_core.store import MetricsStore
path, name, flushes = sys.argv[1], sys.argv[2], int(sys.argv[3])
collector = MetricsCollector(store=MetricsStore(path), source=name)
done = 0
while flushes < 0 or done < flushes:
    for _ in range(20):
        collector.record_query(5.0)
    assert collector.flush()
    done += 1
    print(done * 20, flush=True)
"""


@pytest.fixture
def clock():
    return ManualClock(wall=float(START_S))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "metrics.db"


@pytest.fixture
def collector(path, clock):
    made = MetricsCollector(store=MetricsStore(path), source="host:1", clock=clock)
    yield made
    made.close()


def stored(path):
    return sum(piece.calls for piece in MetricsStore(path).read(*EVER))


def record(collector, calls):
    for _ in range(calls):
        collector.record_query(5.0)


def test_what_was_flushed_is_there_after_a_kill_in_the_middle_of_the_next_flush(path):
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), "w", "-1"], stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout:
            acknowledged = int(line)
            if acknowledged >= 400:
                process.send_signal(signal.SIGKILL)
                break
        acknowledged = max([acknowledged, *(int(line) for line in process.stdout)])
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert acknowledged <= stored(path) <= acknowledged + 20


def test_processes_that_write_one_file_at_once_lose_nothing(path):
    command = [sys.executable, "-c", WRITER, str(path)]
    processes = [
        subprocess.Popen([*command, name, "25"], stdout=subprocess.DEVNULL) for name in ("a", "b", "c", "c")
    ]
    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    calls = {}
    for piece in MetricsStore(path).read(*EVER):
        calls[piece.source] = calls.get(piece.source, 0) + piece.calls
    assert calls == {"a": 500, "b": 500, "c": 1000}


def test_a_process_that_ends_stores_what_is_left(path):
    code = (
        "import sys\n"
        "from aurora_core.metrics import MetricsCollector\n"
        "from aurora_core.store import MetricsStore\n"
        "collector = MetricsCollector(store=MetricsStore(sys.argv[1]))\n"
        "for _ in range(7): collector.record_query(5.0)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    assert stored(path) == 7


def test_a_full_disk_is_said_and_nothing_is_lost_once_there_is_room(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        clock = ManualClock(wall=float(START_S))
        collector = MetricsCollector(store=MetricsStore(disk / "m.db"), source="host:1", clock=clock)
        record(collector, 3)
        assert collector.flush()
        (disk / "filler").write_bytes(b"x" * (os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize))
        refused = 0
        for _ in range(40):  # the log has some room left
            clock.advance(60)
            record(collector, 5)
            refused += not collector.flush()
        assert refused
        assert "full" in collector.recording.last_error
        assert collector.recording.waiting + collector.recording.stored == 203
        (disk / "filler").unlink()
        assert collector.flush()
        assert stored(disk / "m.db") == 203
        assert collector.recording == (203, 0, 0, None)
        collector.close()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_locked_file_is_said_and_nothing_is_lost(path, collector, clock, monkeypatch):
    monkeypatch.setattr("aurora_core.store.metrics.sqlite._TIMEOUT_S", 0.01)
    record(collector, 3)
    assert collector.flush()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        collector._store.close()
        record(collector, 4)
        assert not collector.flush()
        assert "locked by another program" in collector.recording.last_error
        assert collector.recording.waiting == 4
        record(collector, 2)
        other.execute("ROLLBACK")
    assert collector.flush()
    assert stored(path) == 9


def test_a_folder_that_cannot_be_written_to_is_said_and_the_service_goes_on(tmp_path, clock, caplog):
    collector = MetricsCollector(store=MetricsStore(tmp_path / "no-such" / "m.db"), source="s", clock=clock)
    for _ in range(3):
        record(collector, 2)
        assert not collector.flush()
    assert collector.recording.waiting == 6
    assert collector.get_metrics()["query_count"] == 6
    (said,) = (record.message for record in caplog.records)
    assert said.startswith(f"metrics cannot be stored, and wait in memory: {tmp_path}/no-such/m.db: cannot")
    (tmp_path / "no-such").mkdir()
    assert collector.flush()
    assert caplog.records[-1].message == "metrics are stored again"
    assert stored(tmp_path / "no-such" / "m.db") == 6


def test_a_read_only_folder_can_still_be_reported_on(path, collector, tmp_path):
    record(collector, 3)
    collector.close()
    collector._store.close()
    code = (
        "import os, sys, urllib.parse\n"  # as whom it runs from then on, it may not read Python's own files
        "from aurora_core.store import MetricsStore\n"
        "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "print(sum(piece.calls for piece in MetricsStore(sys.argv[1]).read(0, 2**40)))"
    )
    for folder in [tmp_path, *tmp_path.parents][:4]:
        if str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    path.chmod(0o644)
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "3", done.stderr


def test_while_the_store_is_away_a_day_is_kept_and_what_is_older_is_counted_as_lost(tmp_path, clock):
    collector = MetricsCollector(store=MetricsStore(tmp_path / "no-such" / "m.db"), source="s", clock=clock)
    for _ in range(24 * 60 + 10):
        record(collector, 1)
        collector.flush()
        clock.advance(60)
    recording = collector.recording
    assert recording.lost == pytest.approx(10, abs=1)
    assert recording.waiting + recording.lost == 24 * 60 + 10


def test_a_clock_that_is_set_back_loses_nothing_and_counts_no_minute_twice(path, collector, clock):
    for step in (0, 60, 60, -3600, 60, 60):
        clock.advance(max(step, 0))
        if step < 0:
            clock.step_wall(step)
        record(collector, 5)
        assert collector.flush()
    found = MetricsStore(path).read(*EVER)
    assert sum(piece.calls for piece in found) == 30
    assert {piece.measured_minutes for piece in found} == {1}
    assert len({piece.start_s for piece in found}) == len(found)


def test_minutes_that_the_machine_slept_through_are_not_measured(path, collector, clock):
    collector.flush()
    clock.step_wall(8 * 3600)
    clock.advance(5)
    collector.flush()
    assert len(MetricsStore(path).read(*EVER)) == 2


def test_an_idle_minute_is_measured(path, collector, clock):
    record(collector, 1)
    for _ in range(30):
        clock.advance(10)
        collector.flush()
    found = MetricsStore(path).read(*EVER)
    assert [(piece.start_s - START_S, piece.measured_minutes) for piece in found] == [
        (60 * minute, 1) for minute in range(6)
    ]
    assert [piece.calls for piece in found] == [1, 0, 0, 0, 0, 0]


def test_a_call_is_stored_in_the_minute_in_which_it_ended(path, collector, clock):
    clock.advance(59)
    record(collector, 1)
    clock.advance(1)
    record(collector, 2)
    clock.advance(90)
    record(collector, 3)
    collector.flush()
    assert [(piece.start_s - START_S, piece.calls) for piece in MetricsStore(path).read(*EVER)] == [
        (0, 1),
        (60, 2),
        (120, 3),
    ]


FORKED = """
import os, sys
from aurora_core.metrics import MetricsCollector
from aurora_core.store import MetricsStore
store = MetricsStore(sys.argv[1])
def count(source):
    collector = MetricsCollector(store=store, source=source)
    collector.record_query(5.0)
    assert collector.flush()
count("parent")
(ready, written), (go, closed) = os.pipe(), os.pipe()
child = os.fork()
if child == 0:
    count("child before")
    os.write(written, b"x")
    os.read(go, 1)
    count("child after")
    os._exit(0)
os.read(ready, 1)
store.close()
os.write(closed, b"x")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_write_of_a_child_survives_that_its_parent_closes_the_file(path):
    """A connection open at a fork gives the child locks that the system does not know of."""
    subprocess.run([sys.executable, "-c", FORKED, path], check=True, timeout=60)
    sources = {piece.source for piece in MetricsStore(path).read(*EVER) if piece.calls}
    assert sources == {"parent", "child before", "child after"}


def test_after_a_fork_each_process_stores_its_own_once(path):
    code = f"""
import os, sys
from aurora_core.metrics import MetricsCollector
from aurora_core.store import MetricsStore
collector = MetricsCollector(store=MetricsStore({str(path)!r}))
for _ in range(5): collector.record_query(5.0)
collector.flush()
for _ in range(3): collector.record_query(5.0)
child = os.fork()
if child == 0:
    for _ in range(11): collector.record_query(5.0)
    collector.close()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
collector.close()
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, timeout=60)
    calls = {}
    for piece in MetricsStore(path).read(*EVER):
        calls[piece.source] = calls.get(piece.source, 0) + piece.calls
    assert sorted(calls.values()) == [8, 11]


def test_the_last_24_hours_are_those_of_all_processes_and_of_before_a_restart(path, clock):
    for name in ("a", "b"):
        collector = MetricsCollector(store=MetricsStore(path), source=name, clock=clock)
        record(collector, 4)
        collector.close()
    clock.advance(23 * 3600)
    collector = MetricsCollector(store=MetricsStore(path), source="c", clock=clock)
    record(collector, 2)
    assert collector.get_metrics_last_24h()["query_count"] == 10
    assert collector.get_metrics()["query_count"] == 2
    clock.advance(2 * 3600)
    assert collector.get_metrics_last_24h()["query_count"] == 2


def test_memory_and_store_come_to_the_same_figures(path, clock):
    with_store = MetricsCollector(store=MetricsStore(path), clock=clock)
    without = MetricsCollector(clock=clock)
    for number in range(300):
        for collector in (with_store, without):
            collector.record_query(10.0 + number % 37, success=number % 9 > 0)
            collector.record_cache_access(hit=number % 3 == 0)
            if number % 9 == 0:
                collector.record_error("TimeoutError")
        clock.advance(7)
        if number % 5 == 0:
            with_store.flush()
    for metrics in (with_store.get_metrics(), with_store.get_metrics_last_24h()):
        for key, value in without.get_metrics().items():
            assert metrics[key] == (
                value if isinstance(value, dict) else pytest.approx(value, nan_ok=True)
            ), key


def test_after_reset_what_was_counted_is_still_stored(path, collector):
    record(collector, 3)
    collector.reset()
    record(collector, 2)
    assert collector.get_metrics()["query_count"] == 2
    collector.flush()
    assert stored(path) == 5


def test_threads_that_count_while_it_flushes_lose_nothing(path):
    code = f"""
import threading
from aurora_core.metrics import MetricsCollector
from aurora_core.store import MetricsStore
collector = MetricsCollector(store=MetricsStore({str(path)!r}))
def count():
    for _ in range(5000): collector.record_query(5.0)
threads = [threading.Thread(target=count) for _ in range(6)]
for thread in threads: thread.start()
while any(thread.is_alive() for thread in threads): collector.flush()
collector.close()
assert collector.recording.stored == 30000, collector.recording
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
    assert stored(path) == 30_000


def test_a_store_that_cannot_be_read_is_said(path, collector):
    record(collector, 1)
    collector.flush()
    collector._store.close()
    for name in ("", "-wal", "-shm"):
        path.with_name(path.name + name).unlink(missing_ok=True)
    path.write_bytes(b"nonsense" * 500)
    with pytest.raises(StoreError):
        collector.get_metrics_last_24h()


STEPS = st.lists(st.sampled_from(["count", "flush", "wait 1", "wait 25", "wait 61"]), max_size=40)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@example(0.0, 50.0, ["count", "wait 25", "count", "flush"])
@given(st.floats(0, 120), st.floats(0, 120), STEPS)
def test_each_call_is_stored_once_and_in_its_minute_however_the_clocks_stand_to_each_other(
    tmp_path_factory, now, offset, steps
):
    """The monotonic clock's minutes are not the wall clock's: a call must not fall between or into both."""
    clock = ManualClock(now=now, wall=START_S + offset)
    path = tmp_path_factory.mktemp("clocks") / "metrics.db"
    collector = MetricsCollector(store=MetricsStore(path), clock=clock)
    counted = Counter()
    for step in steps:
        if step == "count":
            collector.record_query(1.0)
            counted[int(clock.wall()) // 60 * 60] += 1
        elif step == "flush":
            assert collector.flush()
        else:
            clock.advance(float(step.removeprefix("wait ")))
    collector.close()
    stored = {piece.start_s: piece.calls for piece in MetricsStore(path).read(*EVER) if piece.calls}
    assert stored == dict(counted)
    assert collector.totals().calls == collector.get_metrics()["query_count"] == counted.total()


def test_with_a_store_minutes_do_not_pile_up_in_memory(collector, clock):
    for _ in range(600):
        collector.record_query(1.0)
        collector.flush()
        clock.advance(60)
    assert not collector._minutes


def test_who_closed_a_collector_writes_no_more(path, tmp_path):
    code = (
        "import sys, shutil\n"
        "from aurora_core.metrics import MetricsCollector\n"
        "from aurora_core.store import MetricsStore\n"
        "store = MetricsStore(sys.argv[1])\n"
        "collector = MetricsCollector(store=store)\n"
        "collector.record_query(1.0)\n"
        "collector.close()\n"
        "store.close()\n"
        "shutil.rmtree(sys.argv[2])\n"
    )
    folder = tmp_path / "gone"
    folder.mkdir()
    command = [sys.executable, "-c", code, folder / "metrics.db", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert not folder.exists()
