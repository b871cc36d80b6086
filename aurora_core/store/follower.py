"""Following in the background."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import Final

from aurora_core.concurrency import reset_after_fork
from aurora_core.errors import StoreError

_log: Final = logging.getLogger("aurora_core.store")


class Follower:
    """Follows at once and then every ``every_s`` seconds, in a thread that ends with the process.

    What goes wrong is kept in ``error`` until it goes well again, and said once.
    """

    def __init__(self, follow: Callable[[], None], every_s: float) -> None:
        if not every_s > 0:
            raise ValueError(f"follow_every_s must be a positive number of seconds, not {every_s}")
        self._follow = follow
        self._every_s = every_s
        self.error: str | None = None
        self._begin()
        reset_after_fork(self._reset_after_fork)

    def close(self) -> None:
        """End the thread, once it is done with what it does."""
        self._stop.set()
        self._thread.join()

    def _begin(self) -> None:
        self._stop = Event()
        self._thread = Thread(target=self._run, name="aurora-follower", daemon=True)
        self._thread.start()

    def _reset_after_fork(self) -> None:
        if not self._stop.is_set():
            self._begin()

    def _run(self) -> None:
        while True:
            self._try()
            if self._stop.wait(self._every_s):
                return

    def _try(self) -> None:
        try:
            self._follow()
        except (StoreError, OSError) as error:
            if self.error is None:
                _log.error("the replica does not follow: %s", error)
            self.error = str(error)
        else:
            if self.error is not None:
                _log.warning("the replica follows again")
            self.error = None
