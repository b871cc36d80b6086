"""Exact quantiles of many overlapping windows at once."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Indices = NDArray[np.intp]

_MAX_TOGETHER: Final = 1024
"""Above so many values a window costs more to sort than to partition."""
_BLOCK: Final = 1 << 20
"""Values that are sorted at a time: 8 MiB."""
_HALF: Final = 0.5


def window_quantiles(values: Values, first: Indices, last: Indices, share: float) -> Values:
    """Return the quantile of ``values[first:last]`` for each pair, as ``np.quantile``; NaN for an empty one.

    Windows of about one length are sorted together, as the rows of one array.
    """
    counts = last - first
    result = np.full(len(counts), np.nan)
    for index in np.flatnonzero(counts > _MAX_TOGETHER):
        result[index] = np.quantile(values[first[index] : last[index]], share)
    width = 1
    while width <= _MAX_TOGETHER:
        chosen = np.flatnonzero((counts > width // 2) & (counts <= width))
        for part in np.array_split(chosen, len(chosen) * width // _BLOCK + 1):
            result[part] = _sort_together(values, first[part], counts[part], width, share)
        width *= 2
    return result


def _sort_together(values: Values, first: Indices, counts: Indices, width: int, share: float) -> Values:
    """Pad each window with infinity to one width, and interpolate as NumPy does, rounding included."""
    columns = np.arange(width)
    rows = values[np.minimum(first[:, np.newaxis] + columns, len(values) - 1)]
    rows[columns >= counts[:, np.newaxis]] = np.inf
    rows.sort(axis=1)
    position = (counts - 1) * share
    below = np.floor(position).astype(np.intp)
    above = np.minimum(below + 1, counts - 1)
    row = np.arange(len(rows))
    low, high, weight = rows[row, below], rows[row, above], position - below
    step = high - low
    result: Values = np.where(weight < _HALF, low + step * weight, high - step * (1.0 - weight))
    return result
