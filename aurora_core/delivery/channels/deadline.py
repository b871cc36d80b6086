"""A limit on the whole of a conversation.

A socket's own limit is for each single read: who answers with a byte every four seconds never runs into it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR, socket
from threading import Timer


@contextmanager
def cut_off_after(seconds: float, connected: Callable[[], socket | None]) -> Iterator[None]:
    """Shut the socket once the time is up: whoever reads from it gets an error or the end of the stream.

    ``connected`` is asked then which socket it is.
    """

    def cut() -> None:
        with suppress(OSError):  # it was closed just now
            if (line := connected()) is not None:
                line.shutdown(SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
