"""The sums of one stretch of time, and what they come to."""

import math
from typing import Final, Literal, NamedTuple, TypedDict

from aurora_core.metrics.histogram import Histogram

FailureReason = Literal["exhausted", "non_recoverable", "refused_limiter", "refused_breaker", "unspecified"]

ERROR_TYPES: Final = 100
"""So many names of errors are told apart; the rest count under ``other``."""
OTHER: Final = "other"


class Call(NamedTuple):
    """What became of one call: the event that metrics are made of.

    ``latency_s`` runs from the asking to the final answer, waits included; ``reason`` None is success.
    ``attempts`` were sent and took ``attempts_s`` in all; ``met_transient``: one of them failed in a way that
    a retry may mend.
    """

    latency_s: float
    reason: FailureReason | None
    attempts: int
    attempts_s: float
    met_transient: bool
    error_type: str | None


class Metrics(TypedDict):
    """The guide's keys. What was never measured is NaN."""

    query_count: int
    success_rate: float
    error_rate: float
    avg_latency_ms: float
    p50_latency_ms: float
    p95_latency_ms: float
    p99_latency_ms: float
    within_target_rate: float
    cache_hit_rate: float
    recovery_rate: float
    attempt_count: int
    avg_attempt_latency_ms: float
    failures_by_reason: dict[str, int]
    errors_by_type: dict[str, int]


class Rollup:
    """Sums over a minute, or over what was merged; made to be added up, never averaged."""

    __slots__ = (
        "attempts",
        "attempts_ms",
        "errors",
        "failures",
        "hits",
        "latency",
        "lookups",
        "met_transient",
        "recovered",
        "within_target",
    )

    def __init__(self) -> None:
        self.latency = Histogram()
        self.within_target = 0
        self.failures: dict[str, int] = {}
        self.errors: dict[str, int] = {}
        self.attempts = 0
        self.attempts_ms = 0.0
        self.met_transient = 0
        self.recovered = 0
        self.hits = 0
        self.lookups = 0

    def count_attempts(self, call: Call) -> None:
        """Count what a call did on its way to its answer; the call itself is not counted here."""
        self.attempts += call.attempts
        self.attempts_ms += call.attempts_s * 1000.0
        if call.met_transient:
            self.met_transient += 1
            self.recovered += call.reason is None
        if call.error_type is not None:
            self.count_error(call.error_type)

    def count_error(self, error_type: str, times: int = 1) -> None:
        """Count an error by its name, or under ``other`` where there are too many names."""
        if error_type not in self.errors and len(self.errors) >= ERROR_TYPES:
            error_type = OTHER
        self.errors[error_type] = self.errors.get(error_type, 0) + times

    def merge(self, other: "Rollup") -> None:
        """Add the sums of another stretch."""
        self.latency.merge(other.latency)
        self.within_target += other.within_target
        self.attempts += other.attempts
        self.attempts_ms += other.attempts_ms
        self.met_transient += other.met_transient
        self.recovered += other.recovered
        self.hits += other.hits
        self.lookups += other.lookups
        for reason, times in other.failures.items():
            self.failures[reason] = self.failures.get(reason, 0) + times
        for error_type, times in other.errors.items():
            self.count_error(error_type, times)

    @property
    def calls(self) -> int:
        """How many calls were counted."""
        return self.latency.count

    @property
    def failed(self) -> int:
        """How many of them failed, for whatever reason."""
        return sum(self.failures.values())

    def metrics(self) -> Metrics:
        """What the sums come to."""
        latency = self.latency
        calls, failed = self.calls, self.failed
        return Metrics(
            query_count=calls,
            success_rate=_share(calls - failed, calls),
            error_rate=_share(failed, calls),
            avg_latency_ms=latency.mean(),
            p50_latency_ms=latency.quantile(0.50),
            p95_latency_ms=latency.quantile(0.95),
            p99_latency_ms=latency.quantile(0.99),
            within_target_rate=_share(self.within_target, calls),
            cache_hit_rate=_share(self.hits, self.lookups),
            recovery_rate=_share(self.recovered, self.met_transient),
            attempt_count=self.attempts,
            avg_attempt_latency_ms=_share(self.attempts_ms, self.attempts),
            failures_by_reason=dict(self.failures),
            errors_by_type=dict(self.errors),
        )


def _share(part: float, whole: int) -> float:
    return part / whole if whole else math.nan
