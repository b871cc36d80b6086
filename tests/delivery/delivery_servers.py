"""Servers on loopback that messages are sent to: as they should be, and as they should not."""

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
        """What is there now."""
        found = []
        while not self.posted.empty():
            found.append(self.posted.get_nowait()[1])
        return found


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

        def do_GET(self):  # whoever follows a redirection comes back so
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
    """A server that talks as it likes until it is over: its port. ``talk`` gets the socket and the end."""
    over = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            with suppress(OSError):  # whom it talked to hung up
                talk(self.request, over)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with serving(server):
        yield server.server_address[1]
        over.set()


def hang(_line, over):
    """Take what comes, and say nothing."""
    over.wait(30)


def hang_up(line, _over):
    """Say good-bye at once."""
    line.close()


def drip(line, over):
    """Answer with a byte at a time, each well within any limit of a single read, for ever."""
    for letter in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000:
        line.sendall(bytes([letter]))
        if over.wait(0.02):
            return


def nonsense(line, _over):
    """Talk another language."""
    while line.recv(4096)[-1:] not in (b"}", b""):  # what it has not read would break the pipe
        pass
    line.sendall(b"\x00\xffwhat do you want?\r\n\r\n")
