"""An LLM provider on loopback, for examples: it wants a key, limits, fails now and then, and answers."""

import json
import secrets
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar, Self
from urllib.error import HTTPError
from urllib.request import Request, urlopen

LIMIT, WINDOW_S = 20, 0.3
"""So many requests in so many seconds."""


class ProviderError(Exception):
    """What a provider's SDK raises: a status, and how long to wait where it says so."""

    def __init__(self, status_code: int, retry_after: float | None) -> None:
        super().__init__(f"status {status_code}")
        self.status_code = status_code
        self.retry_after = retry_after


class Provider:
    """A server in a thread: ``with Provider() as provider: provider.ask(..)``; ``key`` is what it wants."""

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.key = _Handler.key = secrets.token_hex(16)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def ask(self, question: str, context: list[str], key: str) -> str:
        """Ask over HTTP, as an SDK does, for code that prints the answer."""
        body = json.dumps({"question": question, "context": context}).encode()
        request = Request(f"http://127.0.0.1:{self._server.server_port}/", body, {"Authorization": key})
        try:
            with urlopen(request, timeout=5) as response:  # noqa: S310 - the same
                return str(json.load(response)["code"])
        except HTTPError as error:
            with error:
                wait_ms = error.headers.get("Retry-After-Ms")
                raise ProviderError(error.code, float(wait_ms) / 1000 if wait_ms else None) from None


class _Handler(BaseHTTPRequestHandler):
    key = ""
    served: ClassVar[deque[float]] = deque(maxlen=LIMIT)
    requests = 0
    lock = threading.Lock()

    def do_POST(self) -> None:
        requested = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = 200 if self.headers["Authorization"] == self.key else 401
        if status == 200:
            status = self._taken()
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After-Ms", str(int(WINDOW_S * 1000)))
        self.end_headers()
        if status == 200:
            read = " ".join(requested["context"]).split()
            self.wfile.write(json.dumps({"code": f"print({' '.join(read[:12])!r})"}).encode())

    def _taken(self) -> int:
        """429 where the window is full, 503 one time in seven, else 200."""
        with self.lock:
            now = time.monotonic()
            if len(self.served) == LIMIT and now - self.served[0] < WINDOW_S:
                return 429
            self.served.append(now)
            _Handler.requests += 1
            return 503 if self.requests % 7 == 0 else 200

    def log_message(self, *_: object) -> None:
        pass
