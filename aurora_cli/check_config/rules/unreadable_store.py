"""A file of cache or metrics that cannot be opened (--online).

It is opened for reading only; one that is not there yet is fine, for the service makes it.

Example::

    [store]
    path = "/etc/hostname"

Instead::

    [store]
    path = "/var/tmp/metrics.db"
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from aurora_cli.check_config.probing import PATIENCE_S
from aurora_cli.check_config.subject import Complaint, Subject, Undecided


def check(subject: Subject) -> Iterator[Complaint | Undecided]:
    """Open both, and ask for what every database knows."""
    for key, path in (
        ("cache.path", subject.settings.cache.path),
        ("store.path", subject.settings.store.path),
    ):
        try:
            if path.is_file():
                _read(path)
        except sqlite3.OperationalError as error:
            yield Undecided(f"`{key}`: {path}: {error}")
        except (sqlite3.DatabaseError, OSError) as error:
            yield Complaint(
                f"`{key}`: {path}: {error}", "name another file, or move this one away", about=[key]
            )


def _read(path: Path) -> None:
    with closing(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=PATIENCE_S, uri=True)
    ) as database:
        database.execute("PRAGMA schema_version").fetchone()
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
