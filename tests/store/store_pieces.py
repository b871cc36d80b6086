"""What is put into a store."""

import random

from aurora_core.metrics import Rollup
from aurora_core.metrics.rollup_row import to_row

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
            made.failures["retries_exhausted"] = made.failures.get("retries_exhausted", 0) + 1
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
