"""Every counter, and every metric computed from them, declared once.

To add a counter, add a line to :class:`Counters` and the code that counts. To add a metric, add a line to
:class:`Metrics`. All else follows from these lines: the sums and their merge, the column of a store and its
migration, the Prometheus series, the JSON of a report and its schema, the columns of a report's tables, and
the names that an alert rule may watch.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Annotated, Any, Final, Literal, NamedTuple, TypedDict, TypeVar, get_args, get_type_hints

_Number = TypeVar("_Number", int, float)

Unit = Literal["count", "share", "ms", "counts by name"]
"""Shares are from 0 to 1."""


class Counter(NamedTuple):
    """A counter as it was declared; ``zero`` is what it begins with, and so its type."""

    name: str
    zero: float
    help: str
    series: str
    since: int


def counter(zero: _Number, help_: str, *, series: str = "", since: int = 1) -> _Number:
    """Declare a counter that begins with ``zero``.

    ``series`` is the Prometheus counter of it, if it has one of its own. ``since`` is the version of a
    store's schema that first has its column: for a new counter, one more than ``store.schema.VERSION``.
    """
    declared: _Number = field(default=zero, metadata={"help": help_, "series": series, "since": since})
    return declared


@dataclass(slots=True, eq=False)
class Counters:
    """Plain sums; two stretches of time are merged by adding them."""

    within_target: int = counter(0, "Calls that ended within the latency target, failed ones included.")
    attempts: int = counter(0, "Requests sent to the provider, retries included.", series="aurora_attempts")
    attempts_ms: float = counter(0.0, "Time that those requests took, in milliseconds.")
    saw_retryable_error: int = counter(
        0,
        "Calls of which at least one attempt failed with a retryable error.",
        series="aurora_calls_retried",
    )
    recovered: int = counter(
        0, "Calls that succeeded after a retryable error.", series="aurora_calls_recovered"
    )
    cache_hits: int = counter(0, "Cache lookups that found an answer.")
    cache_lookups: int = counter(0, "Cache lookups.")

    def add(self, other: "Counters") -> None:
        """Add the sums of another stretch."""
        for name in COUNTER_NAMES:
            setattr(self, name, getattr(self, name) + getattr(other, name))


COUNTERS: Final = tuple(
    Counter(each.name, each.default, **each.metadata)  # type: ignore[arg-type] # each has a default
    for each in fields(Counters)
)
COUNTER_NAMES: Final = tuple(each.name for each in COUNTERS)

counts_of: Final[Callable[[Counters], tuple[Any, ...]]] = attrgetter(*COUNTER_NAMES)
"""The sums as a tuple, in the order of ``COUNTERS``."""


class Metric(NamedTuple):
    """How a metric is computed from a ``Rollup``, and what it says.

    ``label`` is the head of its column in a report's tables; a metric without a label has no column.
    """

    unit: Unit
    value: Callable[[Any], Any]
    help: str
    label: str = ""


def ratio(part: str, whole: str) -> Callable[[Any], float]:
    """Divide two sums; NaN while ``whole`` is 0."""

    def value(total: Any) -> float:
        divisor = getattr(total, whole)
        return float(getattr(total, part) / divisor) if divisor else math.nan

    return value


def percentile(q: float) -> Callable[[Any], float]:
    """Take a quantile of the latencies, in milliseconds; NaN without calls."""
    return lambda total: float(total.latency.quantile(q))


def by_name(counts: str) -> Callable[[Any], dict[str, int]]:
    """Copy counts by name."""
    return lambda total: dict(getattr(total, counts))


class Metrics(TypedDict):
    """The metrics of a stretch of time; a share or a time of nothing is NaN."""

    query_count: Annotated[int, Metric("count", attrgetter("calls"), "Calls.")]
    success_rate: Annotated[
        float, Metric("share", ratio("succeeded", "calls"), "Share of calls that succeeded.", "availability")
    ]
    error_rate: Annotated[float, Metric("share", ratio("failed", "calls"), "Share of calls that failed.")]
    avg_latency_ms: Annotated[float, Metric("ms", ratio("latency_ms", "calls"), "Mean latency of a call.")]
    p50_latency_ms: Annotated[float, Metric("ms", percentile(0.50), "Median latency of a call.", "P50")]
    p95_latency_ms: Annotated[
        float, Metric("ms", percentile(0.95), "Latency that 95 % of calls stay within.", "P95")
    ]
    p99_latency_ms: Annotated[
        float, Metric("ms", percentile(0.99), "Latency that 99 % of calls stay within.", "P99")
    ]
    within_target_rate: Annotated[
        float, Metric("share", ratio("within_target", "calls"), "Share of calls within the latency target.")
    ]
    cache_hit_rate: Annotated[
        float,
        Metric(
            "share",
            ratio("cache_hits", "cache_lookups"),
            "Share of cache lookups that found an answer.",
            "cache hits",
        ),
    ]
    recovery_rate: Annotated[
        float,
        Metric(
            "share",
            ratio("recovered", "saw_retryable_error"),
            "Share of calls that succeeded, of those that met a retryable error.",
        ),
    ]
    attempt_count: Annotated[int, Metric("count", attrgetter("attempts"), "Requests sent to the provider.")]
    avg_attempt_latency_ms: Annotated[
        float, Metric("ms", ratio("attempts_ms", "attempts"), "Mean duration of a request to the provider.")
    ]
    failures_by_reason: Annotated[
        dict[str, int], Metric("counts by name", by_name("failures"), "Failed calls by reason.")
    ]
    errors_by_type: Annotated[
        dict[str, int], Metric("counts by name", by_name("errors"), "Errors by the name of their type.")
    ]


METRICS: Final[Mapping[str, Metric]] = {
    name: get_args(hint)[1] for name, hint in get_type_hints(Metrics, include_extras=True).items()
}

WATCHABLE_METRICS: Final = (
    *(name for name, metric in METRICS.items() if metric.unit != "counts by name"),
    "burn_rate",
)
"""What an alert rule may watch: the metrics that are one number, and the burn rate of the error budget."""
