"""A port that a few at a time may ask, and that nobody can keep busy for long."""

import logging
import socket
from collections.abc import Callable
from socketserver import ThreadingMixIn
from threading import BoundedSemaphore, Thread
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import WSGIApplication

from aurora_core.concurrency import reset_after_fork

_log: Final = logging.getLogger("aurora_core.metrics")
_SILENCE_S: Final = 10.0
_AT_ONCE: Final = 8


class _Handler(WSGIRequestHandler):
    """Who says nothing for ten seconds is sent away."""

    timeout = _SILENCE_S

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        """A scrape is no news."""


class MetricsServer(ThreadingMixIn, WSGIServer):
    """Serves an application, each request in a thread of its own and no more than eight at once.

    Further ones are sent away, so that no number of them costs the service its threads or its memory.
    """

    daemon_threads = True

    def __init__(self, address: str, port: int, application: WSGIApplication) -> None:
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._places = BoundedSemaphore(_AT_ONCE)
        super().__init__((address, port), _Handler)
        self.set_app(application)
        reset_after_fork(self.server_close)  # a child that held on to the port would outlive whoever answers

    def serve(self) -> Callable[[], None]:
        """Answer in a thread from now on; how to stop it."""
        thread = Thread(target=self.serve_forever, name="aurora-metrics", daemon=True)
        thread.start()

        def stop() -> None:
            self.shutdown()
            self.server_close()
            thread.join()

        return stop

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer, or send away."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, and make place for another."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the parent's
        """Who asked went away, or said nothing."""
        _log.debug("a scrape from %s was not answered", client_address, exc_info=True)
