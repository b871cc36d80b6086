"""The slices of a period as one line of time: all processes and models together."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import add, attrgetter
from typing import Final, NamedTuple

from aurora_cli.sla_report.exclusions import Exclusion
from aurora_core.metrics import Slice

MINUTE_S: Final = 60
QUARTER_S: Final = 900


_BEGINNING: Final = attrgetter("start_s")


class Minute(NamedTuple):
    """A stretch of the line: a minute, or an hour or a day where minutes are no longer kept.

    ``measured`` is how many of its minutes any process lived through.
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
        """0 where there were no calls: nobody was let down."""
        return self.failed / self.calls if self.calls else 0.0


def timeline(slices: Iterable[Slice]) -> list[Minute]:
    """Add up what stands at one time, in order of time, as the slices are."""
    line: list[Minute] = []
    for piece in slices:
        minute = Minute(
            piece.start_s,
            piece.length_s,
            piece.measured_minutes,
            piece.calls,
            piece.failed,
            piece.within_target,
        )
        if line and line[-1][:2] == minute[:2]:
            minute = _together(line.pop(), minute)
        line.append(minute)
    return line


def _together(one: Minute, other: Minute) -> Minute:
    """Two processes may both have lived through a minute: it is measured once."""
    measured = max(one.measured, other.measured)
    return Minute(*one[:2], measured, *map(add, one[3:], other[3:]))


def quarters(line: Sequence[Minute]) -> list[Minute]:
    """The line by quarters of an hour, of which every time zone has whole ones; what is longer stays."""
    runs = groupby(line, lambda minute: minute.start_s // QUARTER_S)
    return [joined(list(run)) for _, run in runs]


def summed(line: Iterable[Minute], name: Callable[[int], str]) -> dict[str, Minute]:
    """What begins in each hour, or on each day, as one; ``name`` tells it from the second it begins at."""
    return {key: joined(list(run)) for key, run in groupby(line, lambda minute: name(minute.start_s))}


def joined(run: Sequence[Minute]) -> Minute:
    """A run in order of time, as one stretch."""
    start_s, end_s = run[0].start_s, run[-1].end_s
    _, _, *counts = zip(*run, strict=True)
    return Minute(start_s, end_s - start_s, *map(sum, counts))


def within(slices: Sequence[Slice], start_s: float, end_s: float) -> Sequence[Slice]:
    """The slices that begin in the half-open stretch; they are in order of time."""
    first, last = (bisect_left(slices, moment_s, key=_BEGINNING) for moment_s in (start_s, end_s))
    return slices[first:last]


def without(slices: Iterable[Slice], excluded: Sequence[Exclusion]) -> list[Slice]:
    """The slices that no exclusion covers whole."""
    return [piece for piece in slices if not any(gap.covers(piece.start_s, piece.end_s) for gap in excluded)]
