"""The sums of one stretch of time, and the metrics of them."""

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, cast

from aurora_core.metrics.counters import METRICS, Counters, Metrics
from aurora_core.metrics.histogram import Histogram

FailureReason = Literal["retries_exhausted", "non_retryable", "rate_limited", "breaker_open", "unspecified"]

ERROR_TYPES: Final = 100
"""So many names of errors are told apart; the rest count under ``other``."""
OTHER: Final = "other"


class Call(NamedTuple):
    """What became of one call: the event that metrics are made of.

    ``latency_s`` runs from the request to the final answer, waits included; ``reason`` None is success.
    ``attempts`` were sent and took ``attempts_s`` in all; ``saw_retryable_error``: at least one of them
    failed with an error that a retry may overcome.
    """

    latency_s: float
    reason: FailureReason | None
    attempts: int
    attempts_s: float
    saw_retryable_error: bool
    error_type: str | None


@dataclass(slots=True, eq=False)
class Rollup(Counters):
    """Sums over a minute, or over what was merged; made to be added up, never averaged."""

    latency: Histogram = field(default_factory=Histogram)
    failures: dict[str, int] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)

    def count_attempts(self, call: Call) -> None:
        """Count what a call did on its way to its answer; the call itself is not counted here."""
        self.attempts += call.attempts
        self.attempts_ms += call.attempts_s * 1000.0
        if call.saw_retryable_error:
            self.saw_retryable_error += 1
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
        self.add(other)
        self.latency.merge(other.latency)
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

    @property
    def succeeded(self) -> int:
        """How many of them succeeded."""
        return self.calls - self.failed

    @property
    def latency_ms(self) -> float:
        """How long all of them took together."""
        return self.latency.total

    def metrics(self) -> Metrics:
        """Compute every metric of the sums."""
        return cast("Metrics", {name: metric.value(self) for name, metric in METRICS.items()})
