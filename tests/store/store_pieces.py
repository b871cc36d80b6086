"""What is put into a store."""

import random

from aurora_core.metrics import Rollup
from aurora_core.metrics.slices import sliced

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
    made.lookups, made.hits, made.met_transient, made.recovered = calls, calls // 3, failed + 1, 1
    return made


def piece(minute=0, calls=5, seed=0, source="host:1", model="gpt-4", failed=1, length_s=60, measured=1):
    start_s = START_S + minute * 60
    return sliced(start_s, length_s, source, model, measured, rollup(calls, seed, failed))
