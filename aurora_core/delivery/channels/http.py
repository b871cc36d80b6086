"""Posting JSON to an address."""

import json
import ssl
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import socket
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from aurora_core.alerting.notice import Notice
from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.delivery.channels.addresses import HttpAddress, http_address
from aurora_core.delivery.channels.channel import NO_ANSWER, NotTaken
from aurora_core.delivery.channels.deadline import cut_off_after
from aurora_core.resilience.retry_after import wait_in
from aurora_core.secrets import Masker, Secret

Form = Callable[[Notice], Sequence[Mapping[str, object]]]
"""The bodies that tell of a notice, in the order in which they are posted."""

_COME_BACK: Final = (408, 425, 429)
_GOOD, _ELSEWHERE, _REFUSED, _BROKEN = 200, 300, 400, 500


class HttpChannel:
    """A channel that is posted to: its address, the form of its messages, and seconds a message may take."""

    def __init__(
        self,
        url: Secret,
        form: Form,
        timeout_s: float,
        secrets: Sequence[Secret] = (),
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._url = url
        self._form = form
        self._timeout_s = timeout_s
        self._masker = Masker(secret.reveal() for secret in secrets)
        self._clock = clock

    def payload(self, notice: Notice) -> str:
        """The requests: each its address up to the host, and its body."""
        parts = urlsplit(self._address().plain)
        head = f"POST {parts.scheme}://{parts.netloc}/****\nContent-Type: application/json"
        bodies = (json.dumps(body, indent=2) for body in self._form(notice))
        return "\n\n".join(f"{head}\n\n{self._masker.mask(body)}" for body in bodies)

    def send(self, notice: Notice) -> str:
        """Post it; a redirection is not followed, since the message would be lost on the way."""
        answer = ""
        for body in self._form(notice):
            answer = self._post(json.dumps(body).encode())
        return answer

    def _post(self, body: bytes) -> str:
        address, lines = self._address(), list[socket]()
        headers = {"Content-Type": "application/json", **address.headers}
        try:
            request = Request(address.plain, body, headers)  # noqa: S310 - it is an http address
            with (
                cut_off_after(self._timeout_s, lambda: lines[-1] if lines else None),
                _opener(lines).open(request, timeout=self._timeout_s) as response,
            ):
                return self._taken(response)
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise NotTaken(_reason(error)) from None

    def _address(self) -> HttpAddress:
        try:
            return http_address(self._url)
        except ValueError as error:
            raise NotTaken(str(error), for_good=True) from None

    def _taken(self, response: HTTPResponse) -> str:
        status = response.status
        if _GOOD <= status < _ELSEWHERE:
            return f"status {status}"
        if _ELSEWHERE <= status < _REFUSED:
            raise NotTaken(f"status {status}: it is elsewhere now; name that address", for_good=True)
        raise NotTaken(
            f"status {status}",
            retry_after=wait_in(dict(response.headers), self._clock.wall()),
            for_good=status < _BROKEN and status not in _COME_BACK,
        )


def _opener(lines: list[socket]) -> OpenerDirector:
    """What honours proxies as every program does, follows nothing, and shows the sockets that it opens."""
    opener = OpenerDirector()
    for handler in (ProxyHandler(), _Plain(lines), _Encrypted(lines)):
        opener.add_handler(handler)
    return opener


class _Connection(HTTPConnection):
    """Shows its socket as soon as it has one."""

    def __init__(self, lines: list[socket], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._lines = lines

    def connect(self) -> None:
        super().connect()
        self._lines.append(self.sock)


class _EncryptedConnection(_Connection, HTTPSConnection):
    """The same over TLS."""


class _Plain(HTTPHandler):
    def __init__(self, lines: list[socket]) -> None:
        super().__init__()
        self._connection = partial(_Connection, lines)

    def http_open(self, request: Request) -> HTTPResponse:
        return self.do_open(self._connection, request)


class _Encrypted(HTTPSHandler):
    def __init__(self, lines: list[socket]) -> None:
        super().__init__()
        self._connection = partial(_EncryptedConnection, lines)

    def https_open(self, request: Request) -> HTTPResponse:
        return self.do_open(self._connection, request, context=ssl.create_default_context())


def _reason(error: Exception) -> str:
    """Why, in few words; the address is in none of them."""
    cause = getattr(error, "reason", error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate does not hold: {cause.verify_message}"
    if isinstance(cause, TimeoutError | ConnectionResetError | BrokenPipeError):
        return NO_ANSWER
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    if isinstance(cause, HTTPException):
        return f"what it answers is no HTTP ({type(cause).__name__})"
    return type(cause).__name__
