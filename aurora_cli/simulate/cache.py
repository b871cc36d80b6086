"""What a cache could have answered: a figure beside the replay, not a part of it."""

import numpy as np
from numpy.typing import NDArray


def hits(arrival_s: NDArray[np.float64], key: NDArray[np.int64], ttl_s: float) -> NDArray[np.bool_]:
    """Say for each query ``(n,)`` whether its key had been asked for in the ``ttl_s`` seconds before.

    As if every answer were kept that long from its first asking; a query without a key (-1) is no hit.
    """
    order = np.argsort(key, kind="stable")
    found = np.zeros(len(key), np.bool_)
    group, times = key[order], arrival_s[order]
    same = (group[1:] == group[:-1]) & (group[1:] >= 0)
    found[order[1:]] = same & (np.diff(times) <= ttl_s)
    return found
