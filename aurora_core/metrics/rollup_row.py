"""Stretches of recorded time, as a store keeps them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from aurora_core.metrics.counters import COUNTER_NAMES, counts_of
from aurora_core.metrics.histogram_codec import decode_sum, encode
from aurora_core.metrics.rollup import Rollup

_Key = TypeVar("_Key")

_WITHIN_TARGET: Final = COUNTER_NAMES.index("within_target")


class RollupRow(NamedTuple):
    """What one process counted for one model in ``length_s`` seconds from ``start_s`` on, seconds of UTC.

    Old minutes are kept as hours, and old hours as days. ``measured_minutes`` had a heartbeat. Latencies are
    in milliseconds; ``histogram`` is packed; ``counts`` are the sums of ``COUNTERS``, in their order.
    """

    start_s: int
    length_s: int
    source: str
    model: str
    measured_minutes: int
    calls: int
    failed: int
    latency_ms: float
    smallest_ms: float
    largest_ms: float
    histogram: bytes
    failures: Mapping[str, int]
    errors: Mapping[str, int]
    counts: tuple[Any, ...]

    @property
    def end_s(self) -> int:
        """The first second after it."""
        return self.start_s + self.length_s

    @property
    def within_target(self) -> int:
        """How many calls ended within the latency target."""
        return int(self.counts[_WITHIN_TARGET])


class RollupStore(Protocol):
    """Where slices are kept. Both verbs raise ``StoreError``."""

    def write(self, slices: Sequence[RollupRow]) -> None:
        """Keep all of them or none; what is there for the same time, source and model is added to."""
        ...

    def read(self, start_s: int, end_s: int) -> Sequence[RollupRow]:
        """Those that begin in the half-open stretch, in order of time."""
        ...


def to_row(
    start_s: int, length_s: int, source: str, model: str, measured_minutes: int, total: Rollup
) -> RollupRow:
    """Make a slice of what was counted."""
    latency = total.latency
    return RollupRow(
        start_s=start_s,
        length_s=length_s,
        source=source,
        model=model,
        measured_minutes=measured_minutes,
        calls=total.calls,
        failed=total.failed,
        latency_ms=latency.total,
        smallest_ms=latency.smallest,
        largest_ms=latency.largest,
        histogram=encode(latency),
        failures=dict(total.failures),
        errors=dict(total.errors),
        counts=counts_of(total),
    )


def sum_by(slices: Iterable[RollupRow], key: Callable[[RollupRow], _Key]) -> dict[_Key, Rollup]:
    """Add up the slices of each key, in the order in which the keys come."""
    groups: dict[_Key, list[RollupRow]] = {}
    for piece in slices:
        groups.setdefault(key(piece), []).append(piece)
    return {name: _sum(pieces) for name, pieces in groups.items()}


def _sum(pieces: Sequence[RollupRow]) -> Rollup:
    """Add column by column, which takes half the time of slice by slice."""
    total = Rollup()
    by_field = dict(zip(RollupRow._fields, zip(*pieces, strict=True), strict=True))
    for name, counts in zip(COUNTER_NAMES, zip(*by_field["counts"], strict=True), strict=True):
        setattr(total, name, sum(counts))
    latency = total.latency
    latency.total = sum(by_field["latency_ms"])
    latency.smallest, latency.largest = min(by_field["smallest_ms"]), max(by_field["largest_ms"])
    latency.buckets = decode_sum(by_field["histogram"])
    for failures in filter(None, by_field["failures"]):
        for reason, times in failures.items():
            total.failures[reason] = total.failures.get(reason, 0) + times
    for errors in filter(None, by_field["errors"]):
        for error_type, times in errors.items():
            total.count_error(error_type, times)
    return total


def parse_counts(counts: Any) -> dict[str, int]:
    """Counts by name as they were written; nothing for what are none."""
    return {str(name): int(times) for name, times in counts.items()} if isinstance(counts, dict) else {}
