"""The replay over time: what was offered, what was sent, and how long it waited."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aurora_cli.documents import Chart, Series
from aurora_cli.documents.number_format import clock, duration
from aurora_cli.simulate.outcomes import Replay
from aurora_cli.simulate.workload import Workload
from aurora_core.laws.window import PERIOD_S


def timeline(workload: Workload, replays: Sequence[tuple[str, Replay]], columns: int) -> Chart:
    """Cut the log into ``columns`` equal stretches: rates a minute, and the longest wait at the limiter."""
    span = max(float(workload.arrival_s[-1]) if len(workload) else 0.0, 1.0)
    edges = np.linspace(0.0, np.nextafter(span, np.inf), columns + 1)
    minutes = span / columns / PERIOD_S
    series = [_rate("offered", workload.arrival_s, edges, minutes)]
    for name, replay in replays:
        series += [
            _rate(f"{name} sent", replay.sent, edges, minutes),
            _longest_wait(f"{name} wait", workload.arrival_s, replay.outcomes.wait, edges),
        ]
    return Chart("Over time", series, clock(0.0), clock(span))


def _rate(label: str, moments: NDArray[np.float64], edges: NDArray[np.float64], minutes: float) -> Series:
    rate = np.histogram(moments, edges)[0] / minutes
    return Series(label, rate.tolist(), f"max {rate.max():,.1f} a minute")


def _longest_wait(
    label: str, arrival: NDArray[np.float64], wait: NDArray[np.float64], edges: NDArray[np.float64]
) -> Series:
    longest = np.zeros(len(edges) - 1)
    column = np.searchsorted(edges, arrival, side="right") - 1
    np.maximum.at(longest, column.clip(0, len(longest) - 1), wait)
    return Series(label, longest.tolist(), f"max {duration(float(longest.max()) * 1000.0)}")
