"""Single flight: concurrent requests for one key share the result of the first.

The name is that of Go's ``golang.org/x/sync/singleflight``.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Generic, TypeVar

from aurora_core.concurrency import reset_after_fork

_T = TypeVar("_T")


class LeaderCancelled(Exception):  # noqa: N818 - names the event
    """The caller that led the flight was interrupted or cancelled; the followers have no result."""


class SingleFlight(Generic[_T]):
    """The calls under way, by key. Threads and tasks may share one; it never blocks on a lock."""

    def __init__(self) -> None:
        self._under_way: dict[str, Future[_T]] = {}
        reset_after_fork(self._reset_after_fork)

    def join(self, key: str) -> tuple[Future[_T], bool]:
        """Return the flight of the key, and whether the caller leads it and must complete it."""
        own: Future[_T] = Future()
        flight = self._under_way.setdefault(key, own)
        return flight, flight is own

    @contextmanager
    def lead(self, key: str, flight: Future[_T]) -> Iterator[None]:
        """Complete the flight when the block ends, by whatever exception it ends."""
        try:
            yield
        except BaseException as error:
            if not flight.done():  # an interrupt may come after the result was set
                flight.set_exception(error if isinstance(error, Exception) else LeaderCancelled())
            raise
        finally:
            if self.is_current(key, flight):
                self._under_way.pop(key, None)

    def is_current(self, key: str, flight: Future[_T]) -> bool:
        """Whether the flight's result may still be stored: its key was not forgotten meanwhile."""
        return self._under_way.get(key) is flight

    def forget(self, matches: Callable[[str], bool]) -> None:
        """Detach the flights of these keys: later callers start a new flight."""
        for key in [key for key in list(self._under_way) if matches(key)]:
            self._under_way.pop(key, None)

    def _reset_after_fork(self) -> None:
        """Forget the parent's flights: no thread of the child completes them."""
        self._under_way = {}
