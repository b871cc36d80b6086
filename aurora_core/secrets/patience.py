"""How long a source is waited for."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread

from aurora_core.secrets.chain import Found


class Patience:
    """Asks in a thread of its own, for at most ``limit_s`` seconds.

    A name that does not resolve, a server that sends a letter now and then, a keyring that wants a password
    typed: none of them heeds a socket's time limit. While one question hangs no further one is asked, so
    that at most one thread hangs.
    """

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._hanging: Future[Found] | None = None

    def ask(self, looked: str, question: Callable[[], Found]) -> Found:
        """What the question gives, or none where that takes too long. What it raises goes up."""
        if self._hanging is not None and not self._hanging.done():
            return Found(None, f"{looked} (an earlier question hangs)")
        answer: Future[Found] = Future()
        Thread(target=_answer, args=(answer, question), name="aurora-secret", daemon=True).start()
        try:
            return answer.result(self._limit_s)
        except TimeoutError:
            if answer.done():  # the question's own
                raise
            self._hanging = answer
            return Found(None, f"{looked} (no answer in {self._limit_s:g} s)")


def _answer(answer: Future[Found], question: Callable[[], Found]) -> None:
    try:
        answer.set_result(question())
    except BaseException as error:  # noqa: BLE001 - it goes up where it was asked
        answer.set_exception(error)
