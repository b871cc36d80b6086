"""The rows of a period on one line of time: all processes and models together."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import add, attrgetter
from typing import Final, NamedTuple

from aurora_cli.sla_report.exclusions import Exclusion
from aurora_core.metrics import RollupRow

QUARTER_S: Final = 900

_START: Final = attrgetter("start_s")


class Minute(NamedTuple):
    """A stretch of the timeline: a minute, or an hour or a day if its minutes are no longer stored.

    ``measured`` is the number of its minutes in which any process ran.
    """

    start_s: int
    length_s: int
    measured: int
    calls: int
    failed: int
    within_target: int

    @property
    def end_s(self) -> int:
        """The first second after it."""
        return self.start_s + self.length_s

    @property
    def error_rate(self) -> float:
        """The share of calls that failed; 0 without calls, which no user saw fail."""
        return self.failed / self.calls if self.calls else 0.0


def build_timeline(slices: Iterable[RollupRow]) -> list[Minute]:
    """Add up the rows of each moment. Rows and result are in order of time."""
    timeline: list[Minute] = []
    for row in slices:
        minute = Minute(
            row.start_s, row.length_s, row.measured_minutes, row.calls, row.failed, row.within_target
        )
        if timeline and timeline[-1][:2] == minute[:2]:
            minute = _merge_processes(timeline.pop(), minute)
        timeline.append(minute)
    return timeline


def _merge_processes(one: Minute, other: Minute) -> Minute:
    """Add two rows of the same moment; a minute in which both processes ran is measured once."""
    measured = max(one.measured, other.measured)
    return Minute(*one[:2], measured, *map(add, one[3:], other[3:]))


def merge_quarters(timeline: Sequence[Minute]) -> list[Minute]:
    """Merge by quarters of an hour, of which every time zone has whole ones; longer stretches remain."""
    runs = groupby(timeline, lambda minute: minute.start_s // QUARTER_S)
    return [merge_run(list(run)) for _, run in runs]


def merge_by(timeline: Iterable[Minute], name: Callable[[int], str]) -> dict[str, Minute]:
    """Merge by hour or by day; ``name`` gives the hour or day of the second at which a stretch begins."""
    runs = groupby(timeline, lambda minute: name(minute.start_s))
    return {key: merge_run(list(run)) for key, run in runs}


def merge_run(run: Sequence[Minute]) -> Minute:
    """Merge a run in order of time into one stretch."""
    start_s, end_s = run[0].start_s, run[-1].end_s
    _, _, *counts = zip(*run, strict=True)
    return Minute(start_s, end_s - start_s, *map(sum, counts))


def select_between(slices: Sequence[RollupRow], start_s: float, end_s: float) -> Sequence[RollupRow]:
    """Select the rows that begin in the half-open stretch; they are in order of time."""
    first, last = (bisect_left(slices, moment_s, key=_START) for moment_s in (start_s, end_s))
    return slices[first:last]


def drop_excluded(slices: Iterable[RollupRow], excluded: Sequence[Exclusion]) -> list[RollupRow]:
    """Drop the rows that an exclusion covers whole."""
    return [row for row in slices if not any(gap.covers(row.start_s, row.end_s) for gap in excluded)]
