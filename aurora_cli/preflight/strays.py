"""Processes that a check left behind and that went into a session of their own: a daemon's way.

On Linux they become this process's children while it adopts them, and are found and killed as such.
Elsewhere what leaves its group is beyond reach.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_SET_ADOPTING: Final = 36
"""PR_SET_CHILD_SUBREAPER of prctl(2)."""


class Strays:
    """Adopts orphans from its beginning on."""

    def __enter__(self) -> Self:
        self._before = _children()
        _adopt(wanted=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _adopt(wanted=False)

    def kill(self) -> None:
        """Kill every child that was not there in the beginning, and theirs as they come."""
        while strays := _children() - self._before:
            for pid in strays:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _adopt(*, wanted: bool) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_ADOPTING, int(wanted), 0, 0, 0)


def _children() -> set[int]:
    own = Path("/proc/self/task") / str(os.getpid()) / "children"
    try:
        return set(map(int, own.read_text(encoding="ascii").split()))
    except OSError:
        return set()  # no /proc, or a kernel without this list
