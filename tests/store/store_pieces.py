"""What is put into a store."""

import json
import random
import sqlite3
from contextlib import closing

from aurora_core.metrics import Rollup
from aurora_core.metrics.rollup_row import to_row
from aurora_core.store import schema

START_S = 1_790_000_000 // 86_400 * 86_400


def rollup(calls=5, seed=0, failed=1):
    """Some calls, the first of them failed; the same for the same seed."""
    chance = random.Random(seed)
    made = Rollup()
    for number in range(calls):
        latency = chance.lognormvariate(5, 0.5)
        made.latency.record(latency)
        made.within_target += latency <= 200
        made.attempts += 1 + (number < failed)
        made.attempts_ms += latency
        if number < failed:
            made.failures["exhausted"] = made.failures.get("exhausted", 0) + 1
            made.count_error("TimeoutError")
    made.cache_lookups, made.cache_hits, made.saw_retryable_error, made.recovered = (
        calls,
        calls // 3,
        failed + 1,
        1,
    )
    return made


def piece(minute=0, calls=5, seed=0, source="host:1", model="gpt-4", failed=1, length_s=60, measured=1):
    start_s = START_S + minute * 60
    return to_row(start_s, length_s, source, model, measured, rollup(calls, seed, failed))


def write_first_version(path, row):
    """Write the file that the first version of the schema would have written of one row."""
    with closing(sqlite3.connect(path)) as file, file:
        for step in schema.MIGRATIONS[0]:
            file.execute(step)
        file.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        file.execute("PRAGMA user_version = 1")
        file.execute("INSERT INTO names VALUES (1, ?), (2, ?)", (row.source, row.model))
        by_name = (json.dumps(row.failures), json.dumps(row.errors))
        latency = (row.latency_ms, row.smallest_ms, row.largest_ms, row.histogram)
        sums = (row.measured_minutes, row.calls, row.failed, *row.counts)
        values = (row.start_s, row.length_s, 1, 2, *sums, *latency, *by_name)
        file.execute(f"INSERT INTO slices VALUES ({', '.join('?' * len(values))})", values)
