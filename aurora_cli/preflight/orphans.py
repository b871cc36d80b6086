"""Processes that a check left behind in a session of their own, as daemons do.

On Linux they become children of this process while it is their subreaper, and are found and killed as
such. Elsewhere a process that leaves its group is beyond reach.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_PR_SET_CHILD_SUBREAPER: Final = 36
"""An option of prctl(2)."""


class OrphanReaper:
    """Adopts orphans from its beginning on."""

    def __enter__(self) -> Self:
        self._before = _children()
        _set_subreaper(enabled=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _set_subreaper(enabled=False)

    def kill(self) -> None:
        """Kill every child that was adopted since the beginning, and their children as they come."""
        while orphans := _children() - self._before:
            for pid in orphans:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _set_subreaper(*, enabled: bool) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(enabled), 0, 0, 0)


def _children() -> set[int]:
    children = Path("/proc/self/task") / str(os.getpid()) / "children"
    try:
        return set(map(int, children.read_text(encoding="ascii").split()))
    except OSError:
        return set()  # no /proc, or a kernel without this list
