"""The tables of a metrics file. A change of the tables is one more step in ``MIGRATIONS``."""

from collections.abc import Iterator
from itertools import chain, repeat
from typing import Final

from aurora_core.metrics.counters import COUNTERS
from aurora_core.sqlite import Schema

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
        "ALTER TABLE slices RENAME TO rollups",
        "ALTER TABLE rollups RENAME COLUMN met_transient TO saw_retryable_error",
        "ALTER TABLE rollups RENAME COLUMN hits TO cache_hits",
        "ALTER TABLE rollups RENAME COLUMN lookups TO cache_lookups",
        *(
            f"UPDATE rollups SET failures = replace(failures, '\"{old}\":', '\"{new}\":') "  # noqa: S608 - our words
            "WHERE failures IS NOT NULL"
            for old, new in (
                ("exhausted", "retries_exhausted"),
                ("non_recoverable", "non_retryable"),
                ("refused_limiter", "rate_limited"),
                ("refused_breaker", "breaker_open"),
            )
        ),
        "ALTER TABLE alert_states RENAME COLUMN looked_s TO evaluated_s",
        "ALTER TABLE alert_states RENAME COLUMN notice TO notification",
        "UPDATE alert_states SET status = 'recovering' WHERE status = 'clearing'",
        "UPDATE alert_states SET notification = replace(notification, '\"what\":', '\"summary\":')",
        "ALTER TABLE alert_messages RENAME TO outbox",
        "ALTER TABLE outbox RENAME COLUMN notice TO notification",
        "ALTER TABLE outbox RENAME COLUMN posted_s TO enqueued_s",
        "ALTER TABLE outbox RENAME COLUMN ended_s TO finished_s",
        "ALTER TABLE outbox RENAME COLUMN problem TO error",
        "UPDATE outbox SET state = 'failed' WHERE state = 'given up'",
        "UPDATE outbox SET notification = replace(notification, '\"what\":', '\"summary\":')",
    ),
)
"""The third step gives tables, columns and words their names of today."""
_VERSION: Final = max(len(_STEPS), *(counter.since for counter in COUNTERS))


def _added_columns(version: int) -> Iterator[str]:
    """Add the columns of the counters that were declared for a version; older rows counted 0."""
    for counter in COUNTERS:
        if counter.since == version > 1:
            kind = "REAL" if isinstance(counter.zero, float) else "INTEGER"
            yield f"ALTER TABLE rollups ADD COLUMN {counter.name} {kind} NOT NULL DEFAULT 0"


MIGRATIONS: Final = tuple(
    (*steps, *_added_columns(version))
    for version, steps in zip(range(1, _VERSION + 1), chain(_STEPS, repeat(())), strict=False)
)
SCHEMA: Final = Schema(APPLICATION_ID, MIGRATIONS)
