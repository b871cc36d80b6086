"""Two things timed in turn, in one run, by CPU time: these machines are noisy, a ratio is not."""

import gc
import json
import os
import statistics
import subprocess
import sys
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
    """Medians in CPU seconds, and the median of the ratios peer / ours of each round."""

    ours: float
    peer: float
    times_faster: float


class Usage(NamedTuple):
    """CPU seconds and peak memory in bytes of a whole process and its children."""

    cpu_s: float
    peak: int


_MEASURE = """
import json, os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss]))
"""


def measured(command: list[str], good: tuple[int, ...] = (0,), **environment: str) -> Usage:
    """Run a command as the child of a fresh, small process.

    A child's peak memory includes that of the parent that forked it, and this process has run large replays.
    """
    done = subprocess.run(
        [sys.executable, "-S", "-c", _MEASURE, *command],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **environment},
    )
    exit_code, cpu_s, peak_kib = json.loads(done.stdout)
    assert exit_code in good, (command, done.stderr)
    return Usage(cpu_s, peak_kib * 1024)


def in_turn(
    ours: Callable[[], object],
    peer: Callable[[], object],
    rounds: int,
    clock: Callable[[], float] = time.process_time,
) -> Pair:
    """Time the two in turn, after one round that does not count."""
    timings = [(_seconds(ours, clock), _seconds(peer, clock)) for _ in range(rounds + 1)]
    counted = timings[1:]
    return Pair(
        statistics.median(a for a, _ in counted),
        statistics.median(b for _, b in counted),
        statistics.median(b / a for a, b in counted),
    )


def _seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    gc.collect()
    began = clock()
    work()
    return clock() - began


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
