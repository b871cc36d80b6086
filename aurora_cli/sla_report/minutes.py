"""The slices of a period as one line of time: all processes and models together."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from aurora_cli.sla_report.exclusions import Exclusion
from aurora_core.metrics import Slice

MINUTE_S = 60


class Minute(NamedTuple):
    """A stretch of the line: a minute, or an hour or a day where minutes are no longer kept.

    ``measured`` is how many of its minutes any process lived through.
    """

    start_s: int
    length_s: int
    measured: int
    calls: int
    failed: int

    @property
    def end_s(self) -> int:
        """The first second after it."""
        return self.start_s + self.length_s

    @property
    def error_rate(self) -> float:
        """0 where there were no calls: nobody was let down."""
        return self.failed / self.calls if self.calls else 0.0


def timeline(slices: Iterable[Slice]) -> list[Minute]:
    """Add up what stands at one time, in order of time."""
    sums: dict[tuple[int, int], list[int]] = {}
    for piece in slices:
        calls, failed = piece.rollup.calls, piece.rollup.failed
        found = sums.setdefault((piece.start_s, piece.length_s), [0, 0, 0])
        # Two processes may both have lived through a minute: it is measured once.
        found[0] = max(found[0], piece.measured_minutes)
        found[1] += calls
        found[2] += failed
    return [Minute(*key, *counted) for key, counted in sorted(sums.items())]


def within(slices: Iterable[Slice], start_s: float, end_s: float) -> list[Slice]:
    """The slices that begin in the half-open stretch."""
    return [piece for piece in slices if start_s <= piece.start_s < end_s]


def without(slices: Iterable[Slice], excluded: Sequence[Exclusion]) -> list[Slice]:
    """The slices that no exclusion covers whole."""
    return [piece for piece in slices if not any(gap.covers(piece.start_s, piece.end_s) for gap in excluded)]
