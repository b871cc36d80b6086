"""Time, injected: the only file that asks the machine what time it is.

Live objects take a :class:`Clock` and sleep *until* a time on it, not *for* a time: a reservation is then
kept to the last bit, on the real clock and on the manual one.
"""

import time
from typing import Final, Protocol


class Clock(Protocol):
    """A monotonic clock in seconds, the wall clock beside it, and the two ways to wait."""

    def now(self) -> float:
        """Monotonic seconds; the zero is arbitrary. Every decision is made on this."""
        ...

    def wall(self) -> float:
        """Seconds since the epoch, UTC; only to read and to show dates."""
        ...

    def sleep_until(self, moment: float) -> None:
        """Block the thread until ``now()`` is ``moment``."""
        ...

    async def wait_until(self, moment: float) -> None:
        """The same for a task."""
        ...


class SystemClock:
    """The machine's clock."""

    now = staticmethod(time.monotonic)
    wall = staticmethod(time.time)

    def sleep_until(self, moment: float) -> None:
        """Block the thread until ``now()`` is ``moment``."""
        while (left := moment - time.monotonic()) > 0:
            time.sleep(left)

    async def wait_until(self, moment: float) -> None:
        """The same for a task."""
        import asyncio  # noqa: PLC0415 - a fifth of a command's start, and it waits for no task

        while (left := moment - time.monotonic()) > 0:  # noqa: ASYNC110 - there is no event, only time
            await asyncio.sleep(left)


def yield_thread() -> None:
    """Let another thread run, and take no longer than that."""
    time.sleep(0)


SYSTEM_CLOCK: Final = SystemClock()
"""What every live object uses unless it is given another."""
