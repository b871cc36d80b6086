"""Two things timed in turn, in one run: these machines are noisy, a ratio is not."""

import gc
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Row(NamedTuple):
    """A line of the table. ``ratio`` is ours to the peer's; ``promise`` is what it must be."""

    what: str
    ours: str
    peer: str
    ratio: str
    promise: str
    kept: bool


class Pair(NamedTuple):
    """Medians in seconds, and the median of the ratios peer / ours of each round."""

    ours: float
    peer: float
    times_faster: float


def in_turn(ours: Callable[[], object], peer: Callable[[], object], rounds: int) -> Pair:
    """Time the two in turn, after one round that does not count."""
    timings = [(_seconds(ours), _seconds(peer)) for _ in range(rounds + 1)]
    counted = timings[1:]
    return Pair(
        statistics.median(a for a, _ in counted),
        statistics.median(b for _, b in counted),
        statistics.median(b / a for a, b in counted),
    )


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def repeated(call: Callable[[], object], times: int) -> Callable[[], None]:
    """Make one piece of work of many calls."""

    def work() -> None:
        for _ in range(times):
            call()

    return work


def nanoseconds(seconds: float, calls: int) -> str:
    return f"{seconds / calls * 1e9:,.0f} ns"


def markdown(title: str, rows: list[Row]) -> str:
    lines = ["| what | aurora | peer | ratio | promise |", "|---|---|---|---|---|"]
    for row in rows:
        promise = row.promise if row.kept else f"{row.promise} (missed)"
        lines.append(f"| {row.what} | {row.ours} | {row.peer} | {row.ratio} | {promise} |")
    return "\n".join([f"## {title}", "", *lines, ""])
