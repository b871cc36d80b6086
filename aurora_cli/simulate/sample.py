"""The built-in sample: a day of a small service's traffic, made by a seeded generator."""

from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aurora_cli.simulate.attempt_status import NON_RETRYABLE, OK, THROTTLED, TRANSIENT
from aurora_cli.simulate.workload import Workload
from aurora_core.time_units import DAY_S

SEED: Final = 8
DESCRIPTION: Final = f"a built-in sample, made by a generator with seed {SEED}: no log was given"

_QUIET: Final = 3_000
_BURSTS: Final = 14
_KEYS: Final = 900


def sample() -> Workload:
    """Make a few thousand queries over a day: a busy afternoon, sudden bursts, one bad quarter of an hour."""
    rng = np.random.default_rng(SEED)
    arrival = np.sort(np.concatenate([_quiet(rng), *(_burst(rng) for _ in range(_BURSTS))]))
    arrival -= arrival[0]
    n = len(arrival)
    return Workload(
        arrival_s=arrival,
        service_s=rng.lognormal(np.log(0.16), 0.45, n).clip(0.02, 8.0),
        recorded=_recorded(rng, arrival),
        key=(rng.zipf(1.3, n) % _KEYS).astype(np.int64),
        first_arrival=datetime(2025, 12, 22, tzinfo=UTC),
    )


def _quiet(rng: np.random.Generator) -> NDArray[np.float64]:
    """Most of the day: a tide with its height in the early afternoon."""
    moments = rng.uniform(0.0, DAY_S, 2 * _QUIET)
    tide = 0.5 * (1.0 - np.cos(2.0 * np.pi * (moments / DAY_S - 0.08)))
    return moments[rng.uniform(size=len(moments)) < tide][:_QUIET]


def _burst(rng: np.random.Generator) -> NDArray[np.float64]:
    """A batch job or a class of students: tens of queries within a minute or so."""
    start = rng.uniform(0.3, 0.9) * DAY_S
    return start + np.sort(rng.exponential(25.0, rng.integers(40, 110)))


def _recorded(rng: np.random.Generator, arrival: NDArray[np.float64]) -> NDArray[np.int8]:
    """One query in two hundred fails; one in four while the provider has its bad quarter of an hour."""
    kinds = np.array([OK, TRANSIENT, THROTTLED, NON_RETRYABLE], np.int8)
    bad = (arrival > 0.62 * DAY_S) & (arrival < 0.62 * DAY_S + 900.0)
    usual = rng.choice(kinds, len(arrival), p=[0.994, 0.004, 0.0015, 0.0005])
    return np.where(bad, rng.choice(kinds, len(arrival), p=[0.75, 0.2, 0.05, 0.0]), usual)
