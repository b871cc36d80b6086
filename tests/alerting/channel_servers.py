"""Servers on loopback that messages are sent to: well-behaved and misbehaving."""

import json
import socket
import socketserver
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import NamedTuple

SECRET = "secret-token-1234567890"


class Hook(NamedTuple):
    """A server's address with a secret in it, and what was posted to it: a queue of ``(headers, body)``."""

    url: str
    posted: Queue

    def bodies(self):
        """Return the bodies that have arrived."""
        bodies = []
        while not self.posted.empty():
            bodies.append(self.posted.get_nowait()[1])
        return bodies


@contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def hook(answer: Callable[[int], tuple[int, dict]] = lambda _: (200, {})):
    """An HTTP server; ``answer`` gives status and headers of the request of that number, from 0 on."""
    posted: Queue = Queue()
    numbers = iter(range(10**9))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted.put((dict(self.headers), json.loads(body)))
            status, headers = answer(next(numbers))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def do_GET(self):  # a client that follows a redirection sends this
            posted.put((dict(self.headers), "followed"))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with serving(server):
        yield Hook(f"http://127.0.0.1:{server.server_port}/services/{SECRET}", posted)


@contextmanager
def talker(talk: Callable[[socket.socket, threading.Event], None]):
    """Run ``talk`` with each connection, and an event that ends it: the port of the server."""
    over = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            with suppress(OSError):  # the client closed the connection
                talk(self.request, over)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with serving(server):
        yield server.server_address[1]
        over.set()


def hang(_line, over):
    """Accept the request and never answer."""
    over.wait(30)


def hang_up(line, _over):
    """Close the connection at once."""
    line.close()


def drip(line, over):
    """Answer with one byte at a time, each within any timeout of a single read."""
    for character in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000:
        line.sendall(bytes([character]))
        if over.wait(0.02):
            return


def nonsense(line, _over):
    """Answer with something other than HTTP."""
    while line.recv(4096)[-1:] not in (b"}", b""):  # unread input would break the pipe
        pass
    line.sendall(b"\x00\xffwhat do you want?\r\n\r\n")
