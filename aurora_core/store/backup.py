"""Back up any SQLite file while it is written: checked, dated, rotated; and restore it.

A backup is one file, written atomically: it has a temporary name until it is checked.
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
from aurora_core.sqlite import open_readonly, translate_errors

_STAMP: Final = "%Y%m%dT%H%M%SZ"
_UNFINISHED: Final = ".part"
_TIMEOUT_S: Final = 30.0


class Backup(NamedTuple):
    """A backup and when it was made, seconds of UTC; from its name, so that a copy of it is as old."""

    path: Path
    made_s: float


def back_up(store: Path, folder: Path, now_s: float) -> Path:
    """Copy the store into the folder, create the folder if it is missing, and return the backup.

    Writers go on meanwhile. Raises ``StoreError``, and leaves no file behind then.
    """
    if not store.is_file():
        raise StoreError(f"there is no store at {store}")
    stamp = datetime.fromtimestamp(now_s, UTC).strftime(_STAMP)
    target = folder / f"{store.stem}-{stamp}{store.suffix}"
    with _translate_os_errors(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
        for left_over in folder.glob(f".{glob_safe(store.stem)}-*{_UNFINISHED}"):
            left_over.unlink(missing_ok=True)  # of a process that was killed
    with _write_atomically(target) as unfinished:
        copy_checked(store, unfinished)
    return target


def backups_of(store: Path, folder: Path) -> list[Backup]:
    """Return the backups of a store, the newest last."""
    form = re.compile(rf"{re.escape(store.stem)}-(\d{{8}}T\d{{6}}Z){re.escape(store.suffix)}")
    found = []
    for path in folder.glob("*") if folder.is_dir() else ():
        named = form.fullmatch(path.name)
        if named and path.is_file():
            made = datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, made.timestamp()))
    return sorted(found, key=lambda backup: backup.made_s)


def rotate(store: Path, folder: Path, keep_s: float, now_s: float) -> list[Path]:
    """Remove backups older than ``keep_s``, but never the newest; return those that were removed."""
    old = [backup.path for backup in backups_of(store, folder)[:-1] if now_s - backup.made_s > keep_s]
    with _translate_os_errors(str(folder)):
        for path in old:
            path.unlink(missing_ok=True)
    return old


def restore(backup: Path, target: Path) -> Path:
    """Restore a backup as a new file, and return it. ``StoreError`` if the file exists."""
    if target.exists():
        raise StoreError(f"{target} already exists; move it away, or restore into an empty folder")
    if not backup.is_file():
        raise StoreError(f"there is no backup at {backup}")
    with _write_atomically(target) as unfinished:
        copy_checked(backup, unfinished)
        if row_counts(unfinished) != row_counts(backup):
            raise StoreError(f"{backup}: the restored file does not have the same rows")
    return target


def row_counts(path: Path) -> dict[str, int]:
    """Count the rows of each table."""
    with open_readonly(path, _TIMEOUT_S) as connection:
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
    """Escape what a glob would take for a pattern."""
    return re.sub(r"([*?\[])", r"[\1]", name)


def copy_checked(source: Path, target: Path) -> None:
    """Copy by SQLite's online backup, as one consistent state, and check the copy page by page.

    The target is a new file, or a store whose content is replaced in one transaction: its readers see either
    the old or the new content. Raises ``StoreError``.
    """
    is_new = not target.exists()
    with (
        translate_errors(str(source)),
        open_readonly(source, _TIMEOUT_S) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)
        if is_new:
            writing.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        problems = [row[0] for row in writing.execute("PRAGMA integrity_check(3)")]
    if problems != ["ok"]:
        raise StoreError(f"{source} is damaged: {'; '.join(problems)}")


@contextmanager
def _write_atomically(target: Path) -> Iterator[Path]:
    """Yield a file to fill; rename it to ``target`` once it is on the disk, or remove it after an error."""
    unfinished = target.with_name(f".{target.stem}-{os.getpid()}{_UNFINISHED}")
    with _translate_os_errors(str(target)):
        try:
            yield unfinished
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())
            unfinished.replace(target)
        finally:
            for name in (unfinished.name, f"{unfinished.name}-journal"):
                unfinished.with_name(name).unlink(missing_ok=True)


@contextmanager
def _translate_os_errors(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error
