"""The provider as a process of its own on loopback: ``python -m soaking.server SEED LIFETIME_S``.

It prints its port, answers as the weather has it, and ends with its lifetime or with whoever started it.
"""

import json
import select
import signal
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .weather import DROPPED, HTTP, OK, TIMEOUT, Weather

LONGER_THAN_TIMEOUT_S = 0.5


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, seed):
        super().__init__(("127.0.0.1", 0), Handler)
        self._weather, self._began = Weather(seed), time.monotonic()
        self._lock = threading.Lock()
        self.served = Counter()

    def answer(self):
        with self._lock:
            answer = self._weather.answer(time.monotonic() - self._began)
            self.served[answer.kind] += 1
            return answer


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.server.answer()
        time.sleep(answer.took_s + (LONGER_THAN_TIMEOUT_S if answer.kind == TIMEOUT else 0.0))
        if answer.kind not in (DROPPED, TIMEOUT):
            body = {"answer": "Rayleigh scattering"} if answer.kind == OK else {"error": HTTP[answer.kind]}
            self._send(HTTP[answer.kind], body, answer)

    def do_GET(self):
        """How many requests there were, by their answer."""
        self._send(200, self.server.served, None)

    def _send(self, status, body, answer):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        if answer is not None:
            self.send_header("Planned-Ms", f"{answer.took_s * 1000:.3f}")
            if answer.retry_after_s:
                self.send_header("Retry-After-Ms", f"{answer.retry_after_s * 1000:.0f}")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Say nothing: thousands of requests are expected to fail."""


def main(seed, lifetime_s):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the soak ends it
    server = Server(int(seed))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    select.select([sys.stdin], [], [], float(lifetime_s))  # it is at its end when whoever started this is
    server.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
