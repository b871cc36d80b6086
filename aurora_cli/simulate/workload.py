"""The traffic of a replay, whatever log it came from."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Workload:
    """``n`` queries in order of arrival; every array has the shape ``(n,)``.

    ``arrival_s``: seconds from the first query, sorted. ``service_s``: how long the provider takes for one
    attempt. ``recorded``: what became of the query in the log, a constant of :mod:`attempt_status` (int8).
    ``key``: a number for each distinct cache key (int64, -1: this query has none); None where the log has
    no keys. ``model``: an index into ``models`` for each query (int32, -1: it names none); None where the log
    has no models. ``first_arrival``: the UTC time of second 0, None where the log counts from its own start.
    """

    arrival_s: Floats
    service_s: Floats
    recorded: NDArray[np.int8]
    key: NDArray[np.int64] | None = None
    model: NDArray[np.int32] | None = None
    models: tuple[str, ...] = ()
    first_arrival: datetime | None = None

    def __len__(self) -> int:
        return len(self.arrival_s)
