"""A cache or metrics file that cannot be opened (--online).

It is opened read-only; a file that does not exist yet is fine, since the service creates it.

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

from aurora_cli.check_config.context import Inconclusive, LintContext, Violation
from aurora_cli.check_config.network import TIMEOUT_S


def check(context: LintContext) -> Iterator[Violation | Inconclusive]:
    """Open both, and read their schemas."""
    for key, path in (
        ("cache.path", context.settings.cache.path),
        ("store.path", context.settings.store.path),
    ):
        try:
            if path.is_file():
                _read(path)
        except sqlite3.OperationalError as error:
            yield Inconclusive(f"`{key}`: {path}: {error}")
        except (sqlite3.DatabaseError, OSError) as error:
            yield Violation(
                f"`{key}`: {path}: {error}", "set another path, or move this file away", about=[key]
            )


def _read(path: Path) -> None:
    with closing(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=TIMEOUT_S, uri=True)
    ) as database:
        database.execute("PRAGMA schema_version").fetchone()
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
