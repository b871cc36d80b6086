"""A histogram of latencies whose quantiles are at most 1 % off.

DDSketch's mapping (Masson, Rim and Lee, VLDB 2019): a value x > 0 falls into bucket
``ceil(log(x) / log(gamma))`` with ``gamma = (1 + a) / (1 - a)`` for a relative error a. Histograms of parts
are merged by adding their counts, and are then the histogram of the whole.
"""

import math
from typing import Final

RELATIVE_ERROR: Final = 0.01
GAMMA: Final = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
_SCALE: Final = 1.0 / math.log(GAMMA)
_SMALLEST: Final = 1e-6
"""Values below a nanosecond (in milliseconds) count as this one."""


class Histogram:
    """Counts of values of at least 0, in buckets that grow by 2 %; minimum, maximum and sum are exact."""

    __slots__ = ("buckets", "count", "largest", "smallest", "total")

    def __init__(self) -> None:
        self.buckets: dict[int, int] = {}
        self.count = 0
        self.total = 0.0
        self.smallest = math.inf
        self.largest = -math.inf

    def record(self, value: float) -> None:
        """Count a value; it must be a finite number of at least 0."""
        bucket = math.ceil(math.log(max(value, _SMALLEST)) * _SCALE)
        buckets = self.buckets
        buckets[bucket] = buckets.get(bucket, 0) + 1
        self.count += 1
        self.total += value
        self.smallest = min(self.smallest, value)
        self.largest = max(self.largest, value)

    def merge(self, other: "Histogram") -> None:
        """Add the counts of another."""
        for bucket, count in other.buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count
        self.count += other.count
        self.total += other.total
        self.smallest = min(self.smallest, other.smallest)
        self.largest = max(self.largest, other.largest)

    def mean(self) -> float:
        """The exact mean; NaN where nothing was recorded."""
        return self.total / self.count if self.count else math.nan

    def quantile(self, q: float) -> float:
        """The value of rank ``floor(q * (count - 1))``, at most 1 % off; NaN where nothing was recorded."""
        if self.count == 0:
            return math.nan
        rank = math.floor(q * (self.count - 1))
        seen = 0
        for bucket in sorted(self.buckets):
            seen += self.buckets[bucket]
            if seen > rank:
                middle = 2.0 * math.pow(GAMMA, bucket) / (GAMMA + 1.0)
                return min(max(middle, self.smallest), self.largest)
        return self.largest
