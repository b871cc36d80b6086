"""How much a share of few requests says."""

import math
from typing import Final, NamedTuple

_Z: Final = 1.959963984540054
"""Of the normal distribution, for 95 in 100."""


class Interval(NamedTuple):
    """A share lies between these, 95 times in 100."""

    low: float
    high: float


def wilson(part: int, whole: int) -> Interval:
    """Wilson's score interval; from 0 to 1 where there is nothing.

    Source: E. B. Wilson, JASA 22 (1927), 209-212.
    """
    if not whole:
        return Interval(0.0, 1.0)
    share, square = part / whole, _Z * _Z
    scale = 1.0 + square / whole
    middle = (share + square / (2 * whole)) / scale
    half = _Z / scale * math.sqrt(share * (1.0 - share) / whole + square / (4 * whole * whole))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))
