"""Two days of calls, as two processes answered them."""

from aurora_core.manual_clock import ManualClock
from aurora_core.metrics import MetricsCollector
from aurora_core.metrics.rollup import Call
from aurora_core.store import MetricsStore

BEGAN_S = 1_792_800_000  # 2026-10-24T00:00:00Z: the clocks of Berlin are set back in the night that follows
PROCESSES = (("host:1", "gpt-4"), ("host:2", "claude"))
ASLEEP = (200, 259)
"""The minutes that nobody lived through."""
REASONS = ("retries_exhausted", "non_retryable", "rate_limited", "breaker_open")


def drawn(chance, minute):
    """The calls of a minute: a slow hour, a long and a short outage."""
    bad = 0.4 if 600 <= minute < 625 else 0.9 if 1300 <= minute < 1303 else 0.002
    slow = 3.0 if 900 <= minute < 960 else 1.0
    for _ in range(chance.randrange(12)):
        failed = chance.random() < bad
        attempts = chance.choice((1, 1, 1, 2, 3))
        yield {
            "latency_ms": chance.lognormvariate(5, 0.5) * slow,
            "reason": chance.choice(REASONS) if failed else None,
            "attempts": attempts,
            "attempts_ms": chance.uniform(10, 400),
            "saw_retryable_error": attempts > 1,
            "error_type": chance.choice(("TimeoutError", "RateLimitError")) if failed else None,
            "hit": chance.choice((None, True, False)),
        }


def record(collector, call):
    collector.record_call(
        Call(
            call["latency_ms"] / 1000,
            call["reason"],
            call["attempts"],
            call["attempts_ms"] / 1000,
            call["saw_retryable_error"],
            call["error_type"],
        )
    )
    if call["hit"] is not None:
        collector.record_cache_access(call["hit"])


def live(path, table, chance, source, model):
    clock = ManualClock(now=0.0, wall=BEGAN_S + 1.0)
    collector = MetricsCollector(
        store=MetricsStore(path, retention=None), source=source, model=model, clock=clock
    )
    for minute in range(2 * 24 * 60):
        if ASLEEP[0] <= minute < ASLEEP[1]:
            continue
        table.execute("INSERT INTO lived VALUES (?, ?)", (BEGAN_S + 60 * minute, source))
        if minute != ASLEEP[1]:  # just woken, and not asked yet
            for call in drawn(chance, minute):
                record(collector, call)
                table.execute(
                    "INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (clock.wall(), source, model, *call.values()),
                )
        if minute % 30 == 0 or minute + 1 == ASLEEP[0]:
            collector.flush()
        if minute + 1 == ASLEEP[0]:  # the machine sleeps, and its monotonic clock with it
            clock.step_wall(60 * (ASLEEP[1] - ASLEEP[0] + 1))
        else:
            clock.advance(60)
    collector.close()
