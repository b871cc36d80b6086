"""What a cache could have answered: a figure beside the replay, not a part of it."""

import numpy as np
from numpy.typing import NDArray


def hits(arrival_s: NDArray[np.float64], key: NDArray[np.int64], ttl_s: float) -> NDArray[np.bool_]:
    """Say for each query ``(n,)`` whether the answer to its key was still kept.

    As if every answer were kept for ``ttl_s`` from the asking that missed it, and not a moment longer for
    being asked for again; a query without a key (-1) is no hit.
    """
    found = np.zeros(len(key), np.bool_)
    keyed = np.flatnonzero(key >= 0)
    order = keyed[np.argsort(key[keyed], kind="stable")]
    # NumPy compares complex numbers as pairs: by key, then by time.
    requested = key[order] + 1j * arrival_s[order]
    next_miss = np.searchsorted(requested, requested + 1j * ttl_s, side="right")
    found[order] = True
    miss = 0
    while miss < len(order):
        found[order[miss]] = False
        miss = next_miss[miss]
    return found
