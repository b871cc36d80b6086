"""Stretches of recorded time, as a store gives them back."""

from collections.abc import Iterable
from typing import NamedTuple

from aurora_core.metrics.rollup import Rollup


class Slice(NamedTuple):
    """What one process counted for one model in ``length_s`` seconds from ``start_s`` on, seconds of UTC.

    Old minutes are kept as hours, and old hours as days. ``measured_minutes`` had a heartbeat.
    """

    start_s: int
    length_s: int
    source: str
    model: str
    measured_minutes: int
    rollup: Rollup

    @property
    def end_s(self) -> int:
        """The first second after it."""
        return self.start_s + self.length_s


def merged(slices: Iterable[Slice]) -> Rollup:
    """Add up what was counted in all of them."""
    total = Rollup()
    for piece in slices:
        total.merge(piece.rollup)
    return total
