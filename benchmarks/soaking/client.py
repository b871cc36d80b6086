"""The provider's client, for threads and for tasks: a connection a request, as simple as an SDK can be."""

import asyncio
import json
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

from .weather import DROPPED, HTTP, OK, TIMEOUT, TIMEOUT_S, ProviderError

HOST = "127.0.0.1"
BODY = json.dumps({"question": "Why is the sky blue?"}).encode()
KIND = {status: kind for kind, status in HTTP.items()}
REQUEST = f"POST / HTTP/1.0\r\nHost: {HOST}\r\nContent-Length: {len(BODY)}\r\n\r\n".encode() + BODY


@contextmanager
def provider(seed, lifetime_s):
    """A client of a server that runs meanwhile, in a process of its own."""
    command = [sys.executable, "-m", "soaking.server", str(seed), str(lifetime_s)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent, text=True
    ) as server:
        try:
            yield Client(int(server.stdout.readline()))
        finally:
            server.kill()


class Client:
    """Asks, and writes down for the call what came back."""

    def __init__(self, port):
        self._port = port

    def ask(self, call):
        """Ask as a thread."""
        with _noted(call) as attempt:
            connection = HTTPConnection(HOST, self._port, timeout=TIMEOUT_S)
            try:
                connection.request("POST", "/", BODY)
                response = connection.getresponse()
                return _read(attempt, response.status, response.headers, response.read())
            finally:
                connection.close()

    async def ask_async(self, call):
        """Ask as a task."""
        with _noted(call) as attempt:
            async with asyncio.timeout(TIMEOUT_S):
                reader, writer = await asyncio.open_connection(HOST, self._port)
                try:
                    writer.write(REQUEST)
                    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
                finally:
                    writer.close()
                    with suppress(OSError):
                        await writer.wait_closed()
            if not head:
                raise ConnectionResetError("the provider hung up")
            status, *lines = head.decode().split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines)
            return _read(attempt, int(status.split()[1]), headers, body)

    def served(self):
        """How many requests the server says it had."""
        connection = HTTPConnection(HOST, self._port, timeout=TIMEOUT_S)
        try:
            connection.request("GET", "/")
            return sum(json.load(connection.getresponse()).values())
        finally:
            connection.close()


@contextmanager
def _noted(call):
    attempt = call.sends(time.monotonic())
    try:
        yield attempt
    except ProviderError as error:
        attempt.kind, attempt.requested = KIND[error.status_code], error.retry_after
        raise
    except TimeoutError:
        attempt.kind = TIMEOUT
        raise
    except ConnectionError:
        attempt.kind = DROPPED
        raise
    finally:
        attempt.took = time.monotonic() - attempt.sent


def _read(attempt, status, headers, body):
    attempt.planned = float(headers["Planned-Ms"]) / 1000
    if KIND[status] != OK:
        raise ProviderError(status, float(headers.get("Retry-After-Ms", 0)) / 1000)
    return json.loads(body)["answer"]
