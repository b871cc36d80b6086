"""Cached answers are given up.

Why: an answer that is kept too long is wrong, and nobody sees why.

Proof: `cache.ttl` is set, and an entry of the service's own cache, in a temporary file with that life
time, is there before it ends and gone after it, also to a process that opens the file anew.

Mend: set `cache.ttl` to how long an answer stays right.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Evidence, Outcome
from aurora_core.cache import QueryCache
from aurora_core.config.units import show_duration
from aurora_core.manual_clock import ManualClock
from aurora_core.time_units import DAY_S

_MONTH_S = 30 * DAY_S


def look(context: Context) -> Outcome:
    """Put an entry in, and wait on a clock that moves when told."""
    cache = context.settings.cache
    clock = ManualClock(now=context.now_s, wall=context.now_s)
    with TemporaryDirectory(prefix="aurora-") as folder:
        path = Path(folder, "cache.db")
        with QueryCache(cache.hot_size, cache.ttl, path, clock=clock) as first:
            first.put("preflight", "an answer")
            kept = first.get("preflight")
        clock.advance(cache.ttl + 1.0)
        with QueryCache(cache.hot_size, cache.ttl, path, clock=clock) as second:
            stale = second.get("preflight")
    told = show_duration(cache.ttl, "s")
    evidence = (Evidence("note", "an entry of the service's cache", f"life time {told}"),)
    if kept is None or stale is not None:
        message = (
            "an entry is gone before its time" if kept is None else f"an entry is still there after {told}"
        )
        return Outcome("fail", message, "this is a fault of aurora; tell its keepers", evidence)
    if cache.ttl > _MONTH_S:
        return Outcome("warn", f"answers are kept for {told}", "are they right for so long?", evidence)
    return Outcome("pass", f"an entry is gone after {told}", "", evidence)
