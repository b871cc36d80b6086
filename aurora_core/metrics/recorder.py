"""Writing what a collector counts into a store, off the request path."""

import atexit
import logging
import os
import platform
import weakref
from collections.abc import Callable
from functools import partial
from math import floor
from threading import Event, Lock, Thread
from typing import Final, NamedTuple

from aurora_core.clock import Clock
from aurora_core.concurrency import reset_after_fork
from aurora_core.errors import StoreError
from aurora_core.metrics.rollup import Rollup
from aurora_core.metrics.rollup_row import RollupStore, to_row
from aurora_core.time_units import MINUTE_S

FLUSH_S: Final = 10.0
"""What was counted is in the store after so long, at the latest."""
MAX_BUFFERED_MINUTES: Final = 24 * 60
"""While the store cannot be written, so many minutes wait in memory."""

_log: Final = logging.getLogger("aurora_core.store")


class MinuteDelta(NamedTuple):
    """What was counted within a minute of UTC, or within a part of it."""

    minute_s: int
    total: Rollup


class RecorderStatus(NamedTuple):
    """How it stands: calls that are stored, that wait for the next flush, and that had to be given up."""

    stored: int
    waiting: int
    lost: int
    last_error: str | None


def this_process() -> str:
    """The name of the process in the store: host and process number."""
    return f"{platform.node() or 'localhost'}:{os.getpid()}"


class Recorder:
    """Takes pieces from a collector and writes them, one transaction a flush.

    A minute that the process lived through is written, too, where nothing was counted in it: the heartbeat. A
    flush that fails loses nothing: what it would have written waits in memory for the next, up to a day.
    After a fork the child records under a name of its own, and what the parent counted stays the parent's.
    """

    def __init__(
        self,
        store: RollupStore,
        take: Callable[[], list[MinuteDelta]],
        clock: Clock,
        source: str | None,
        model: str,
    ) -> None:
        self._store = store
        self._take = take
        self._clock = clock
        self._named = source
        self._model = model
        self._begin()
        self._at_exit = partial(_close, weakref.ref(self))
        atexit.register(self._at_exit)
        reset_after_fork(self.reset_after_fork)

    def _begin(self) -> None:
        self._source = self._named or this_process()
        self._lock = Lock()
        self._waiting: dict[int, Rollup] = {}
        self._flushed_at = self._clock.now()
        self._stored = self._lost = 0
        self._error: str | None = None
        self._stop = Event()
        self._thread: Thread | None = None

    def reset_after_fork(self) -> None:
        """Forget what was another process's; called after a fork, in the child."""
        running = self._thread is not None
        self._begin()
        if running:
            self.start()

    def start(self) -> None:
        """Flush every ten seconds from now on, in a thread that ends with the process."""
        self._thread = Thread(target=self._run, name="aurora-recorder", daemon=True)
        self._thread.start()

    def flush(self) -> bool:
        """Write all that waits; false where the store refused it, and it goes on waiting."""
        with self._lock:
            self._collect()
            batch = [
                to_row(minute_s, MINUTE_S, self._source, self._model, 1, total)
                for minute_s, total in sorted(self._waiting.items())
            ]
            try:
                self._store.write(batch)
            except StoreError as error:
                self._refused(error)
                return False
            if self._error is not None:
                _log.warning("metrics are stored again")
            self._stored += sum(piece.calls for piece in batch)
            self._waiting.clear()
            self._error = None
            return True

    def close(self) -> None:
        """Stop the thread and write what is left; nothing is written when the process ends."""
        atexit.unregister(self._at_exit)
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.flush()

    @property
    def status(self) -> RecorderStatus:
        """How it stands."""
        with self._lock:
            waiting = sum(total.calls for total in self._waiting.values())
            return RecorderStatus(self._stored, waiting, self._lost, self._error)

    def _run(self) -> None:
        while not self._stop.wait(FLUSH_S):
            self.flush()

    def _collect(self) -> None:
        """Take what was counted, and mark every minute that was lived through since the last flush.

        How long that is says the monotonic clock: minutes that the machine slept through are not measured,
        and a wall clock that was set back makes none twice as long.
        """
        now, wall = self._clock.now(), self._clock.wall()
        first = floor((wall - (now - self._flushed_at)) / MINUTE_S)
        for minute in range(first, floor(wall / MINUTE_S) + 1):
            self._waiting.setdefault(minute * MINUTE_S, Rollup())
        self._flushed_at = now
        for piece in self._take():
            self._waiting.setdefault(piece.minute_s, Rollup()).merge(piece.total)
        for minute_s in sorted(self._waiting)[:-MAX_BUFFERED_MINUTES]:
            self._lost += self._waiting.pop(minute_s).calls

    def _refused(self, error: StoreError) -> None:
        """Say it once, and count on."""
        if self._error is None:
            _log.error("metrics cannot be stored, and wait in memory: %s", error)
        self._error = str(error)


def _close(recorder: "weakref.ref[Recorder]") -> None:
    """At the process's end, where it still lives."""
    found = recorder()
    if found is not None:
        found.close()
