"""What a soak promises, what was measured, and whether it was kept."""

from typing import NamedTuple

import numpy as np

from aurora_cli.simulate import outcomes
from aurora_cli.simulate.stats import peak
from aurora_core.laws.window import PERIOD_S

from .parts import LIMIT
from .real import SILENCE_S, TASKS, THREADS

LEAST_RECOVERED = 0.95
MOST_HELD, MOST_HELD_A_MINUTE = 128 * 1024, 16 * 1024
"""A collector keeps the sums of each minute for a day."""
MOST_FORGOTTEN = 16 * 1024
MOST_GROWN = 16e6
REASONS = {
    outcomes.RETRIES_EXHAUSTED: "retries_exhausted",
    outcomes.NON_RETRYABLE: "non_retryable",
    outcomes.RATE_LIMITED: "rate_limited",
    outcomes.BREAKER_OPEN: "breaker_open",
}


class Promise(NamedTuple):
    what: str
    measured: str
    promised: str
    kept: bool


def of_any(record, counted):
    """What holds on any clock."""
    starts = peak(record.replayed().sent)
    ours = _reasons(record)
    theirs = dict(sorted(counted["failures_by_reason"].items()))
    calls, attempts = len(record.outcome), int(record.count.sum())
    return [
        Promise(
            "recovered of the calls that met a passing failure",
            f"{counted['recovery_rate']:.2%}",
            f"at least {LEAST_RECOVERED:.0%}",
            counted["recovery_rate"] >= LEAST_RECOVERED,
        ),
        Promise(
            "most starts that the limiter granted in any rolling minute",
            f"{starts:,}",
            f"at most {LIMIT.rpm:,}",
            starts <= LIMIT.rpm,
        ),
        Promise(
            "calls, attempts and failures by reason: noted beside, counted by the collector",
            f"{calls:,} and {counted['query_count']:,}; {attempts:,} and {counted['attempt_count']:,}; "
            f"{sum(ours.values()):,} and {sum(theirs.values()):,}",
            "equal",
            (calls, attempts, ours) == (counted["query_count"], counted["attempt_count"], theirs),
        ),
    ]


def of_real(soaked):
    """What else holds where threads, files and sockets are real."""
    return [*_counts(soaked), *_alive(soaked), *_leaks(soaked)]


def _counts(soaked):
    calls, attempts = len(soaked.record.outcome), int(soaked.record.count.sum())
    stored = soaked.stored
    return [
        Promise(
            "calls made, and in the store after closing",
            f"{calls:,} and {stored.calls:,}",
            "equal",
            calls == stored.calls and _reasons(soaked.record) == dict(sorted(stored.failures.items())),
        ),
        Promise(
            "attempts made, in the store, and seen by the provider",
            f"{attempts:,}, {stored.attempts:,} and {soaked.attempts_served:,}",
            "equal",
            attempts == stored.attempts == soaked.attempts_served,
        ),
        Promise(
            "questions asked, and look-ups in the store",
            f"{soaked.requested:,} and {stored.cache_lookups:,}, {stored.cache_hits:,} of them hits",
            "equal",
            soaked.requested == stored.cache_lookups,
        ),
    ]


def _alive(soaked):
    return [
        Promise(
            "no deadlock: workers stuck, and the longest that one did not move",
            f"{soaked.stuck} of {THREADS + TASKS}, {soaked.longest_silence_s:.0f} s",
            f"none, at most {SILENCE_S:.0f} s",
            soaked.stuck == 0,
        ),
        Promise(
            "workers that ended with an error of their own",
            "; ".join(soaked.failed) or "none",
            "none",
            not soaked.failed,
        ),
        Promise("tasks left when all had ended", f"{soaked.tasks_left}", "0", soaked.tasks_left == 0),
    ]


def _leaks(soaked):
    holdings, calls = soaked.holdings, len(soaked.record.outcome)
    most_held = MOST_HELD + MOST_HELD_A_MINUTE * soaked.record.end_s.max() / PERIOD_S
    before, warm, end = holdings["before"], holdings["warm"], holdings["at the end"]
    ended, closed, forgotten = (holdings[f"all {how}"] for how in ("ended", "closed", "forgotten"))
    return [
        Promise(
            "held by the core's own lines when all calls had ended, and when its objects were forgotten",
            f"{_kb(ended.core)}, {ended.core / calls:.1f} bytes a call; {_kb(forgotten.core)}",
            f"at most {_kb(most_held)}; {_kb(MOST_FORGOTTEN)}",
            ended.core <= most_held and forgotten.core <= MOST_FORGOTTEN,
        ),
        Promise(
            "memory of the process, warm and at the end",
            f"{warm.resident / 1e6:.1f} and {end.resident / 1e6:.1f} MB",
            f"grows at most {MOST_GROWN / 1e6:.0f} MB",
            end.resident - warm.resident <= MOST_GROWN,
        ),
        Promise(
            "open descriptors and threads, before and after",
            f"{before.descriptors} and {closed.descriptors}, {before.threads} and {closed.threads}",
            "as before",
            closed.descriptors <= before.descriptors and closed.threads == before.threads,
        ),
    ]


def all_kept(promises):
    return all(promise.kept for promise in promises)


def table(promises):
    lines = ["| promise | measured | promised |", "|---|---|---|"]
    for promise in promises:
        promised = promise.promised if promise.kept else f"{promise.promised} (missed)"
        lines.append(f"| {promise.what} | {promise.measured} | {promised} |")
    return "\n".join([*lines, ""])


def _kb(size):
    return f"{size / 1024:.0f} KB"


def _reasons(record):
    kinds, times = np.unique(record.outcome, return_counts=True)
    found = {REASONS[kind]: int(n) for kind, n in zip(kinds.tolist(), times, strict=True) if kind in REASONS}
    return dict(sorted(found.items()))
