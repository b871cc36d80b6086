"""A time limit on a whole conversation.

A socket's own timeout covers each single read: a server that sends one byte every four seconds never hits it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR, socket
from threading import Timer
from typing import Final

NO_ANSWER: Final = "the server closed the connection or did not answer in time"


@contextmanager
def cut_off_after(seconds: float, find_socket: Callable[[], socket | None]) -> Iterator[None]:
    """Shut the socket down after so many seconds: reading from it fails, or finds the end of the stream.

    ``find_socket`` is called at that moment.
    """

    def cut() -> None:
        with suppress(OSError):  # it was closed just now
            if (connected := find_socket()) is not None:
                connected.shutdown(SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
