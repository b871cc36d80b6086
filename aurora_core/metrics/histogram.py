"""A histogram of latencies whose quantiles are at most 1 % off.

DDSketch's mapping (Masson, Rim and Lee, VLDB 2019): a value x > 0 falls into bucket
``ceil(log(x) / log(gamma))`` with ``gamma = (1 + a) / (1 - a)`` for a relative error a. Histograms of parts
are merged by adding their counts, and are then the histogram of the whole.
"""

from bisect import bisect_right
from itertools import accumulate
from math import ceil, floor, inf, log, nan
from typing import Final

RELATIVE_ERROR: Final = 0.01
GAMMA: Final = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
_SCALE: Final = 1.0 / log(GAMMA)
_SMALLEST: Final = 1e-6
"""A nanosecond, in milliseconds; what is not above it counts as 0."""
_LOWEST: Final = ceil(log(_SMALLEST) * _SCALE)


class Histogram:
    """Counts of values of at least 0, in buckets that grow by 2 %; sum, smallest and largest are exact."""

    __slots__ = ("buckets", "largest", "smallest", "total")

    def __init__(self) -> None:
        self.buckets: dict[int, int] = {}
        self.total = 0.0
        self.smallest = inf
        self.largest = -inf

    def record(self, value: float) -> None:
        """Count a value; it must be a finite number of at least 0."""
        self.total += value
        bucket = ceil(log(value) * _SCALE) if value > _SMALLEST else _LOWEST
        buckets = self.buckets
        buckets[bucket] = buckets.get(bucket, 0) + 1
        if not self.smallest <= value <= self.largest:  # rarely: min() and max() each time would cost more
            self._widen(value, value)

    def merge(self, other: "Histogram") -> None:
        """Add the counts of another."""
        for bucket, count in other.buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count
        self.total += other.total
        self._widen(other.smallest, other.largest)

    @property
    def count(self) -> int:
        """How many values were recorded."""
        return sum(self.buckets.values())

    def mean(self) -> float:
        """The exact mean; NaN where nothing was recorded."""
        count = self.count
        return self.total / count if count else nan

    def quantile(self, q: float) -> float:
        """The value of rank ``floor(q * (count - 1))``, at most 1 % off; NaN where nothing was recorded.

        It lies between the smallest and the largest value, so equal values come back exactly.
        """
        buckets = sorted(self.buckets)
        counts = list(accumulate(map(self.buckets.__getitem__, buckets)))
        if not counts:
            return nan
        bucket = buckets[bisect_right(counts, floor(q * (counts[-1] - 1)))]
        return min(max(middle_of(bucket), self.smallest), self.largest)

    def at_most(self, value: float) -> int:
        """How many values were at most this, where one within 1 % of it may count for either side.

        It agrees with :meth:`quantile`: so many are at most a quantile as its rank says.
        """
        if value >= self.largest:
            return self.count
        return sum(
            count for bucket, count in self.buckets.items() if max(middle_of(bucket), self.smallest) <= value
        )

    def _widen(self, smallest: float, largest: float) -> None:
        self.smallest = min(self.smallest, smallest)
        self.largest = max(self.largest, largest)


def bucket_of(value: float) -> int:
    """The bucket that a value falls into."""
    return ceil(log(value) * _SCALE) if value > _SMALLEST else _LOWEST


def middle_of(bucket: int) -> float:
    """Return the value that is at most 1 % off from any in the bucket."""
    return 0.0 if bucket == _LOWEST else 2.0 * pow(GAMMA, bucket) / (GAMMA + 1.0)
