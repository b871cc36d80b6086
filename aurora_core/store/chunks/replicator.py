"""Keep a replica in sync in the background."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import Final

from aurora_core.concurrency import reset_after_fork
from aurora_core.errors import StoreError

_log: Final = logging.getLogger("aurora_core.store")


class Replicator:
    """Calls ``sync`` now and then every ``interval_s`` seconds, in a thread that ends with the process.

    ``error`` holds the last failure until a sync succeeds; it is logged once.
    """

    def __init__(self, sync: Callable[[], None], interval_s: float) -> None:
        if not interval_s > 0:
            raise ValueError(f"invalid sync_interval_s {interval_s}: expected a positive number of seconds")
        self._sync = sync
        self._interval_s = interval_s
        self.error: str | None = None
        self._start()
        reset_after_fork(self._restart)

    def close(self) -> None:
        """Stop the thread after the sync that is running."""
        self._stop.set()
        self._thread.join()

    def _start(self) -> None:
        self._stop = Event()
        self._thread = Thread(target=self._run, name="aurora-replicator", daemon=True)
        self._thread.start()

    def _restart(self) -> None:
        """Start the thread in the child of a fork."""
        if not self._stop.is_set():
            self._start()

    def _run(self) -> None:
        while True:
            self._try_sync()
            if self._stop.wait(self._interval_s):
                return

    def _try_sync(self) -> None:
        try:
            self._sync()
        except (StoreError, OSError) as error:
            if self.error is None:
                _log.error("the replica cannot be synced: %s", error)
            self.error = str(error)
        else:
            if self.error is not None:
                _log.warning("the replica is synced again")
            self.error = None
