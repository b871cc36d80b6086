"""One question for all who ask it at once: the first asks, the others wait for what comes of it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Generic, TypeVar

from aurora_core.locks import anew_after_fork

_T = TypeVar("_T")


class Abandoned(Exception):  # noqa: N818 - says what happened
    """Whoever asked was interrupted or cancelled: that is no answer for the others."""


class Flights(Generic[_T]):
    """What is being asked, by key. Threads and tasks may share one; there is no lock to wait for."""

    def __init__(self) -> None:
        self._under_way: dict[str, Future[_T]] = {}
        anew_after_fork(self._begin_anew)

    def board(self, key: str) -> tuple[Future[_T], bool]:
        """The flight for the key, and whether it is the caller's own to bring to its end."""
        own: Future[_T] = Future()
        flight = self._under_way.setdefault(key, own)
        return flight, flight is own

    @contextmanager
    def flying(self, key: str, flight: Future[_T]) -> Iterator[None]:
        """Tell those who wait how it ended, whatever happens."""
        try:
            yield
        except BaseException as error:
            if not flight.done():  # an interrupt may come once it has landed
                flight.set_exception(error if isinstance(error, Exception) else Abandoned())
            raise
        finally:
            if self.counts(key, flight):
                self._under_way.pop(key, None)

    def counts(self, key: str, flight: Future[_T]) -> bool:
        """Whether what the flight brings is still worth keeping."""
        return self._under_way.get(key) is flight

    def disown(self, among: Callable[[str], bool]) -> None:
        """What is under way for these keys was asked too early: who asks from now on asks anew."""
        for key in [key for key in list(self._under_way) if among(key)]:
            self._under_way.pop(key, None)

    def _begin_anew(self) -> None:
        """After a fork, in the child: nobody here brings the parent's flights to their end."""
        self._under_way = {}
