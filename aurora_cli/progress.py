"""What is being done, on stderr, while it takes longer than a second; never in a pipe."""

import shutil
import sys
from types import TracebackType
from typing import Self

from aurora_core.clock import SYSTEM_CLOCK, Clock

_TIMEOUT_S = 1.0


class Progress:
    """One line of stderr that is written over and wiped in the end.

    Used as a context manager around the work; outside a terminal it says nothing.
    """

    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        self._shown = sys.stderr.isatty()
        self._clock = clock
        self._began = clock.now()
        self._task = ""
        self._drawn = False

    def begin(self, task: str, *, at_once: bool = False) -> None:
        """Name what is being done now; ``at_once``: it is known to take long."""
        self._task = task
        self._began = self._clock.now() - (_TIMEOUT_S if at_once else 0.0)
        if at_once:
            self._draw(f"{task} ...")

    def step(self, done: int, total: int) -> None:
        """Say how far it is."""
        if self._clock.now() - self._began >= _TIMEOUT_S:
            self._draw(f"{self._task}: {100 * done // max(total, 1)} % of {total:,}")

    def say(self, words: str) -> None:
        """Say what is being done in words of one's own."""
        if self._clock.now() - self._began >= _TIMEOUT_S:
            self._draw(f"{self._task}: {words}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            self._draw("")

    def _draw(self, text: str) -> None:
        if self._shown:
            self._drawn = True
            # What is longer than a line would be wrapped, and only its last part wiped.
            width = shutil.get_terminal_size().columns - 1
            shown = text if len(text) <= width else f"{text[: width - 3]}..."
            sys.stderr.write(f"\r\x1b[2K{shown}")
            sys.stderr.flush()
