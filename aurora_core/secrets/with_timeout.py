"""A time limit for a call that has none of its own."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread

from aurora_core.secrets.chain import Lookup


class BoundedCall:
    """Runs a lookup in its own thread and waits at most ``timeout_s`` seconds for it.

    A socket's timeout does not bound a slow DNS lookup, a server that sends a byte now and then, or a keyring
    that waits for a password. While one call hangs, no further call is started, so at most one thread hangs.
    """

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._hanging: Future[Lookup] | None = None

    def run(self, source: str, function: Callable[[], Lookup]) -> Lookup:
        """Return the function's result, or no text if it takes too long. Its exceptions propagate."""
        if self._hanging is not None and not self._hanging.done():
            return Lookup(None, f"{source} (an earlier request still hangs)")
        result: Future[Lookup] = Future()
        Thread(target=_run, args=(result, function), name="aurora-secret", daemon=True).start()
        try:
            return result.result(self._timeout_s)
        except TimeoutError:
            if result.done():  # raised by the function itself
                raise
            self._hanging = result
            return Lookup(None, f"{source} (no answer in {self._timeout_s:g} s)")


def _run(result: Future[Lookup], function: Callable[[], Lookup]) -> None:
    try:
        result.set_result(function())
    except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
        result.set_exception(error)
