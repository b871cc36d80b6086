"""The clock of tests: it moves only when told."""

import asyncio
import heapq
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


class ManualClock:
    """A clock that moves only when told, for tests of whatever uses this library.

    A thread that sleeps moves it at once; ``sleeps`` keeps each wait in seconds. Tasks sleep until someone
    moves it: :meth:`advance`, or :meth:`run`, which jumps to the next waking whenever nothing else is left
    to do. Tasks that wake at one moment do so by ``priority``, then in the order in which they fell asleep.
    """

    def __init__(self, now: float = 0.0, wall: float = 0.0) -> None:
        self._now = now
        self._wall_offset = wall - now
        self._sleepers: list[tuple[float, int, int, asyncio.Future[None]]] = []
        self._sequence = 0
        self.sleeps: list[float] = []

    def now(self) -> float:
        """The moment it stands at."""
        return self._now

    def wall(self) -> float:
        """The wall clock beside it."""
        return self._now + self._wall_offset

    def step_wall(self, seconds: float) -> None:
        """Step the wall clock alone, as an administrator or a leap second does."""
        self._wall_offset += seconds

    def sleep_until(self, moment: float) -> None:
        """Move to ``moment`` at once."""
        if moment > self._now:
            self.sleeps.append(moment - self._now)
            self._move(moment)

    async def wait_until(self, moment: float, priority: int = 0) -> None:
        """Wait for the clock to reach ``moment``."""
        if moment <= self._now:
            return
        self.sleeps.append(moment - self._now)
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sequence += 1
        heapq.heappush(self._sleepers, (moment, priority, self._sequence, waking))
        await waking

    def advance(self, seconds: float) -> None:
        """Move forward and wake whoever is due."""
        self._move(self._now + seconds)

    def run(self, main: Coroutine[Any, Any, _T]) -> _T:
        """Run ``main`` on a loop where no one waits: when all tasks sleep, time jumps to the next waking.

        The loop wakes one sleeper at a time and lets everything it sets off come to rest before the next.
        """
        selector = _JumpingSelector(self)
        with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
            return runner.run(main)

    def _move(self, moment: float) -> None:
        while self._sleepers and self._sleepers[0][0] <= moment:
            self.wake_next()
        self._now = max(self._now, moment)

    def wake_next(self) -> bool:
        """Jump to the next waking and wake that one sleeper; false where no one sleeps."""
        while self._sleepers:
            moment, _, _, waking = heapq.heappop(self._sleepers)
            if not waking.done():
                self._now = max(self._now, moment)
                waking.set_result(None)
                return True
        return False


class _JumpingSelector(selectors.DefaultSelector):
    """Instead of waiting for a file, move the clock."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0 or self._clock.wake_next():
            return ready
        return super().select(timeout)
