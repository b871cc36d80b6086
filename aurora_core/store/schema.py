"""The tables of a metrics file, and what makes a file one of ours.

``application_id`` is ours; ``user_version`` is the schema's. A change of the tables is one more step in
``_STEPS``, which takes a file from the version before; the column of a counter that was declared later
(``since``) follows from its declaration.
"""

import sqlite3
from collections.abc import Iterator
from itertools import chain, repeat
from typing import Final

from aurora_core.errors import StoreError
from aurora_core.metrics.counters import COUNTERS
from aurora_core.opening import head_of

APPLICATION_ID: Final = 0x4155524D
"""The letters AURM."""

_STEPS: Final = (
    (
        "CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
        """
        CREATE TABLE slices (
            start_s INTEGER NOT NULL,
            length_s INTEGER NOT NULL,
            source INTEGER NOT NULL REFERENCES names,
            model INTEGER NOT NULL REFERENCES names,
            measured_minutes INTEGER NOT NULL,
            calls INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            within_target INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            attempts_ms REAL NOT NULL,
            met_transient INTEGER NOT NULL,
            recovered INTEGER NOT NULL,
            hits INTEGER NOT NULL,
            lookups INTEGER NOT NULL,
            latency_ms REAL NOT NULL,
            smallest_ms REAL,
            largest_ms REAL,
            histogram BLOB,
            failures TEXT,
            errors TEXT
        )
        """,
        # A file of 1 KB rows is three times as large without a rowid; so the key is an index.
        "CREATE UNIQUE INDEX by_time ON slices (start_s, length_s, source, model)",
        "CREATE TABLE retention (done_s INTEGER NOT NULL)",
    ),
    (
        """
        CREATE TABLE alert_states (
            rule TEXT PRIMARY KEY,
            status TEXT NOT NULL,
            since_s REAL NOT NULL,
            looked_s REAL NOT NULL,
            notice TEXT,
            channels TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE alert_messages (
            id INTEGER PRIMARY KEY,
            channel TEXT NOT NULL,
            notice TEXT NOT NULL,
            posted_s REAL NOT NULL,
            due_s REAL NOT NULL,
            attempts INTEGER NOT NULL,
            state TEXT NOT NULL,
            ended_s REAL,
            problem TEXT
        )
        """,
        "CREATE INDEX alert_messages_waiting ON alert_messages (channel, id) WHERE state = 'waiting'",
    ),
    (
        "ALTER TABLE slices RENAME COLUMN met_transient TO saw_retryable_error",
        "ALTER TABLE slices RENAME COLUMN hits TO cache_hits",
        "ALTER TABLE slices RENAME COLUMN lookups TO cache_lookups",
    ),
)
VERSION: Final = max(len(_STEPS), *(counter.since for counter in COUNTERS))


def _added_columns(version: int) -> Iterator[str]:
    """Add the columns of the counters that were declared for a version; older rows counted 0."""
    for counter in COUNTERS:
        if counter.since == version > 1:
            kind = "REAL" if isinstance(counter.zero, float) else "INTEGER"
            yield f"ALTER TABLE slices ADD COLUMN {counter.name} {kind} NOT NULL DEFAULT 0"


MIGRATIONS: Final = tuple(
    (*steps, *_added_columns(version))
    for version, steps in zip(range(1, VERSION + 1), chain(_STEPS, repeat(())), strict=False)
)


def check(connection: sqlite3.Connection, path: str) -> int:
    """Say which version the file has, 0 for an empty one; ``StoreError`` for a file that is not ours."""
    head = head_of(connection)
    if not head.objects and not head.version:
        return 0
    if head.application != APPLICATION_ID:
        raise StoreError(f"{path} is a database of another program; name another file for the metrics")
    if head.version > VERSION:
        raise StoreError(
            f"{path} was written by a newer version (its schema is {head.version}, this program "
            f"knows {VERSION}); "
            "update aurora-resilience"
        )
    return head.version


def migrate(connection: sqlite3.Connection, path: str) -> None:
    """Bring the file to this program's version, whole or not at all; several processes may try at once."""
    if check(connection, path) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number, steps in enumerate(MIGRATIONS[check(connection, path) :], check(connection, path) + 1):
            for step in steps:
                connection.execute(step)
            connection.execute(f"PRAGMA user_version = {number:d}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
