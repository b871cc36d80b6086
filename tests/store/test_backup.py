"""Backups: made while the store is written, whole or not at all, checked, rotated, and brought back."""

import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest
from store_pieces import piece

from aurora_core.errors import StoreError
from aurora_core.store import MetricsStore
from aurora_core.store.backup import back_up, backups_of, restore, rotate, row_counts

EVER = (0, 2**40)
NOW = 1_795_000_000.0
DAY_S = 86_400


@pytest.fixture
def path(tmp_path):
    store = MetricsStore(tmp_path / "metrics.db")
    store.write([piece(minute) for minute in range(50)])
    store.close()
    return tmp_path / "metrics.db"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


def names(folder):
    return sorted(each.name for each in folder.iterdir())


def test_a_backup_has_all_and_says_when_it_was_made(path, folder):
    made = back_up(path, folder, NOW)
    assert names(folder) == [made.name] == ["metrics-20261118T110640Z.db"]
    assert MetricsStore(made).read(*EVER) == MetricsStore(path).read(*EVER)
    assert backups_of(path, folder) == [(made, NOW)]


def test_what_is_in_the_log_beside_the_file_is_in_the_backup(path, folder):
    store = MetricsStore(path)
    store.write([piece(99)])
    assert path.with_name("metrics.db-wal").stat().st_size
    assert len(MetricsStore(back_up(path, folder, NOW)).read(*EVER)) == 51
    store.close()


def test_it_is_one_consistent_state_while_the_store_is_written(path, folder):
    stop, rows = threading.Event(), []

    def write():
        store = MetricsStore(path)
        while not stop.is_set():
            minute = 100 + 2 * len(rows)
            store.write([piece(minute), piece(minute + 1)])  # together, or not at all
            rows.append(minute)
        store.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [back_up(path, folder, NOW + number) for number in range(10)]
    finally:
        stop.set()
        writer.join()
    assert rows
    counted = [len(MetricsStore(copy).read(*EVER)) for copy in copies]
    assert counted == sorted(counted)
    assert all(count % 2 == 0 for count in counted)


def test_rotation_removes_what_is_older_but_never_the_newest(path, folder):
    for day in range(5):
        back_up(path, folder, NOW + day * DAY_S)
    (folder / "metrics-notes.txt").write_text("mine")
    removed = rotate(path, folder, 2 * DAY_S, NOW + 4 * DAY_S)
    assert len(removed) == 2
    assert [backup.made_s for backup in backups_of(path, folder)] == [NOW + day * DAY_S for day in (2, 3, 4)]
    assert len(rotate(path, folder, DAY_S, NOW + 400 * DAY_S)) == 2
    assert [backup.made_s for backup in backups_of(path, folder)] == [NOW + 4 * DAY_S]
    assert (folder / "metrics-notes.txt").exists()


def test_a_backup_comes_back_with_all_its_rows(path, folder, tmp_path):
    made = back_up(path, folder, NOW)
    (tmp_path / "new").mkdir()
    target = restore(made, tmp_path / "new" / "metrics.db")
    assert MetricsStore(target).read(*EVER) == MetricsStore(path).read(*EVER)
    assert row_counts(target)["rollups"] == 50
    MetricsStore(target).write([piece(200)])


def test_nothing_is_restored_over_a_file(path, folder):
    made = back_up(path, folder, NOW)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="already exists"):
        restore(made, path)
    assert path.read_bytes() == before


def test_a_damaged_store_makes_no_backup_and_a_damaged_backup_no_store(path, folder, tmp_path):
    made = back_up(path, folder, NOW)
    content = bytearray(path.read_bytes())
    content[4096 * 2 : 4096 * 4] = b"\xff" * 8192
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        back_up(path, folder, NOW + 1)
    assert names(folder) == [made.name]
    made.write_bytes(bytes(content))
    with pytest.raises(StoreError, match="damaged"):
        restore(made, tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


def test_what_is_not_there_is_said(tmp_path, folder):
    with pytest.raises(StoreError, match="there is no store at"):
        back_up(tmp_path / "none.db", folder, NOW)
    with pytest.raises(StoreError, match="there is no backup at"):
        restore(tmp_path / "none.db", tmp_path / "new.db")
    (tmp_path / "file").write_text("x")
    store = tmp_path / "m.db"
    sqlite3.connect(store).execute("CREATE TABLE t (x)")
    with pytest.raises(StoreError, match="file"):
        back_up(store, tmp_path / "file", NOW)
    assert backups_of(store, folder) == []


def test_names_with_signs_of_patterns_are_names(tmp_path, folder):
    store = tmp_path / "a[b]*.db"
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("CREATE TABLE t (x)")
    made = back_up(store, folder, NOW)
    assert [backup.path for backup in backups_of(store, folder)] == [made]


KILLED = """
import os, signal, sys
from pathlib import Path
from aurora_core.store import backup
def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(os, sys.argv[3], killed) if sys.argv[3] == "fsync" else setattr(Path, sys.argv[3], killed)
backup.back_up(Path(sys.argv[1]), Path(sys.argv[2]), 1_795_000_000.0)
"""


@pytest.mark.parametrize("where", ["fsync", "replace"])
def test_a_kill_in_the_middle_leaves_no_half_backup_and_the_next_run_clears_up(path, folder, where):
    done = subprocess.run([sys.executable, "-c", KILLED, path, folder, where], check=False)
    assert done.returncode == -signal.SIGKILL
    assert backups_of(path, folder) == []
    assert len(names(folder)) == 1  # what was not finished yet
    made = back_up(path, folder, NOW)
    assert names(folder) == [made.name]


def test_a_full_disk_is_said_and_leaves_nothing(path, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        with pytest.raises(StoreError, match=r"full|failed"):
            back_up(path, disk, NOW)
        assert names(disk) == []
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
    assert len(MetricsStore(path).read(*EVER)) == 50
