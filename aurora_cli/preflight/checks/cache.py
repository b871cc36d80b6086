"""Cached answers expire.

Why: an answer that is cached too long is wrong, and its age is not visible.

How it is checked: `cache.ttl` is set, and an entry of the service's own cache, in a temporary file with that
lifetime, exists before its end and not after it, also for a process that opens the file later.

Fix: set `cache.ttl` to how long an answer stays right.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from aurora_cli.findings import Evidence, Outcome
from aurora_cli.preflight.context import Context
from aurora_core.cache import QueryCache
from aurora_core.config.units import show_duration
from aurora_core.manual_clock import ManualClock
from aurora_core.time_units import DAY_S

_MONTH_S: Final = 30 * DAY_S


def run(context: Context) -> Outcome:
    """Add an entry, and advance a manual clock past its lifetime."""
    cache = context.settings.cache
    clock = ManualClock(now=context.now_s, wall=context.now_s)
    with TemporaryDirectory(prefix="aurora-") as folder:
        path = Path(folder, "cache.db")
        with QueryCache(cache.hot_size, cache.ttl, path, clock=clock) as first:
            first.put("preflight", "an answer")
            fresh = first.get("preflight")
        clock.advance(cache.ttl + 1.0)
        with QueryCache(cache.hot_size, cache.ttl, path, clock=clock) as second:
            stale = second.get("preflight")
    ttl = show_duration(cache.ttl, "s")
    evidence = (Evidence("note", "an entry of the service's cache", f"lifetime {ttl}"),)
    if fresh is None or stale is not None:
        message = "an entry expired too early" if fresh is None else f"an entry did not expire after {ttl}"
        return Outcome("fail", message, "internal error in aurora; please report it", evidence)
    if cache.ttl > _MONTH_S:
        return Outcome(
            "warn", f"answers are cached for {ttl}", "check that they stay right so long", evidence
        )
    return Outcome("pass", f"an entry expires after {ttl}", "", evidence)
