"""Copies of a store: made while it is written, checked, dated, rotated; and brought back.

For any SQLite file. Each is one file, written whole or not at all: under a name of its own until it was
checked.
"""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from aurora_core.errors import StoreError
from aurora_core.store.sqlite import told

_STAMP: Final = "%Y%m%dT%H%M%SZ"
_UNFINISHED: Final = ".part"
_BUSY_S: Final = 30.0


class Backup(NamedTuple):
    """A backup and when it was made, seconds of UTC: its name says it, so that a copy of it is no younger."""

    path: Path
    made_s: float


def back_up(store: Path, folder: Path, now_s: float) -> Path:
    """Copy the store into the folder, made where it is not there, and return the backup.

    Writers go on meanwhile. Raises ``StoreError``, and then leaves nothing behind.
    """
    if not store.is_file():
        raise StoreError(f"there is no store at {store}")
    stamp = datetime.fromtimestamp(now_s, UTC).strftime(_STAMP)
    target = folder / f"{store.stem}-{stamp}{store.suffix}"
    with _words_for(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
        for left_over in folder.glob(f".{glob_safe(store.stem)}-*{_UNFINISHED}"):
            left_over.unlink(missing_ok=True)  # of a run that was killed
    with _finished(target) as unfinished:
        copy_checked(store, unfinished)
    return target


def backups_of(store: Path, folder: Path) -> list[Backup]:
    """The backups of a store, the newest last."""
    form = re.compile(rf"{re.escape(store.stem)}-(\d{{8}}T\d{{6}}Z){re.escape(store.suffix)}")
    found = []
    for path in folder.glob("*") if folder.is_dir() else ():
        named = form.fullmatch(path.name)
        if named and path.is_file():
            made = datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, made.timestamp()))
    return sorted(found, key=lambda backup: backup.made_s)


def rotate(store: Path, folder: Path, keep_s: float, now_s: float) -> list[Path]:
    """Remove the backups that are older, but never the newest; those that were removed."""
    old = [backup.path for backup in backups_of(store, folder)[:-1] if now_s - backup.made_s > keep_s]
    with _words_for(str(folder)):
        for path in old:
            path.unlink(missing_ok=True)
    return old


def restore(backup: Path, target: Path) -> Path:
    """Bring a backup back as a new file, and return it. ``StoreError`` where a file is there already."""
    if target.exists():
        raise StoreError(f"{target} is there already; move it away, or restore into an empty folder")
    if not backup.is_file():
        raise StoreError(f"there is no backup at {backup}")
    with _finished(target) as unfinished:
        copy_checked(backup, unfinished)
        if row_counts(unfinished) != row_counts(backup):
            raise StoreError(f"{backup}: what was restored has not the same rows")
    return target


def row_counts(path: Path) -> dict[str, int]:
    """How many rows each table has."""
    with told(str(path)), closing(_connected(path)) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
            )
        ]
        quoted = {name: '"' + name.replace('"', '""') + '"' for name in names}
        return {
            name: int(connection.execute(f"SELECT count(*) FROM {quoted[name]}").fetchone()[0])  # noqa: S608 - quoted
            for name in names
        }


def glob_safe(name: str) -> str:
    """A name in which nothing is a pattern."""
    return re.sub(r"([*?\[])", r"[\1]", name)


def copy_checked(source: Path, target: Path) -> None:
    """Copy by SQLite's online backup, as one consistent state, and check the copy page by page.

    The target is a new file, or a store whose content is replaced in one transaction: its readers see the one
    or the other. Raises ``StoreError``.
    """
    is_new = not target.exists()
    with (
        told(str(source)),
        closing(_connected(source)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)
        if is_new:
            writing.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        problems = [row[0] for row in writing.execute("PRAGMA integrity_check(3)")]
    if problems != ["ok"]:
        raise StoreError(f"{source} is damaged: {'; '.join(problems)}")


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=_BUSY_S, uri=True)


@contextmanager
def _finished(target: Path) -> Iterator[Path]:
    """A file to fill that becomes ``target`` where all went well and is on the disk, else is gone."""
    unfinished = target.with_name(f".{target.stem}-{os.getpid()}{_UNFINISHED}")
    with _words_for(str(target)):
        try:
            yield unfinished
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())
            unfinished.replace(target)
        finally:
            for name in (unfinished.name, f"{unfinished.name}-journal"):
                unfinished.with_name(name).unlink(missing_ok=True)


@contextmanager
def _words_for(place: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{place}: {error.strerror or error}") from error
