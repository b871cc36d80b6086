"""Chance for a replay: a number for each (seed, query, attempt, purpose), whatever the order of asking.

splitmix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014) used as a
counter-based generator. NumPy's ``uint64`` wraps in Python as it does when compiled.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FAULT: Final = 0
JITTER: Final = 1

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_1: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2: Final = np.uint64(0x94D049BB133111EB)
_ONE: Final = np.uint64(1)
_S11: Final = np.uint64(11)
_S27: Final = np.uint64(27)
_S30: Final = np.uint64(30)
_S31: Final = np.uint64(31)
_UNIT: Final = 2.0**-53


def uniform(seed: np.uint64, query: int, attempt: int, purpose: int) -> float:
    """Draw from [0, 1): 53 bits of the hash of the four numbers."""
    key = splitmix64(seed + (np.uint64(query) + _ONE) * _GOLDEN)
    counter = np.uint64(2 * attempt + purpose) + _ONE
    return float(splitmix64(key + counter * _GOLDEN) >> _S11) * _UNIT


def shuffle(seed: np.uint64, query: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hash each query's number ``(n,)`` with the seed; no draw of :func:`uniform` has this counter."""
    hashed: Any = splitmix64(splitmix64(seed + (query + _ONE) * _GOLDEN))  # wraps as a single number does
    return np.asarray(hashed, np.uint64)


def splitmix64(bits: Any) -> Any:
    """Apply the finalizer of splitmix64: each bit of the input moves about half of the output's."""
    bits = (bits ^ (bits >> _S30)) * _MIX_1
    bits = (bits ^ (bits >> _S27)) * _MIX_2
    return bits ^ (bits >> _S31)
