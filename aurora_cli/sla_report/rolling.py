"""Sums over a window that moves on minute by minute."""

from collections.abc import Sequence

from aurora_core.metrics import Rollup


class RollingSum:
    """The sum of the last ``length`` of a row of rollups.

    Rollups can be added but not taken away (an extreme is not undone), so the row is a queue of two stacks:
    sums of what is left of the older half lie ready, and the younger half has one sum. Each rollup is added
    three times, however long the window.
    """

    def __init__(self, length: int) -> None:
        self._length = length
        self._older: list[Rollup] = []
        self._younger: list[Rollup | None] = []
        self._younger_sum = Rollup()

    def push(self, newest: Rollup | None) -> Rollup:
        """Move the window on by one, None where nothing was measured; the sum of the window."""
        self._younger.append(newest)
        if newest is not None:
            self._younger_sum.merge(newest)
        if self._older:
            self._older.pop()
        elif len(self._younger) > self._length:
            self._older = _suffix_sums(self._younger[1:])
            self._younger, self._younger_sum = [], Rollup()
        total = Rollup()
        if self._older:
            total.merge(self._older[-1])
        total.merge(self._younger_sum)
        return total


def _suffix_sums(row: Sequence[Rollup | None]) -> list[Rollup]:
    """The sums of the last one, two, ... of the row."""
    sums: list[Rollup] = []
    for rollup in reversed(row):
        total = Rollup()
        if sums:
            total.merge(sums[-1])
        if rollup is not None:
            total.merge(rollup)
        sums.append(total)
    return sums
