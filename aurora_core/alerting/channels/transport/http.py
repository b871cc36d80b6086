"""A POST within a time limit, without redirections."""

import ssl
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import socket
from typing import Any, Final
from urllib.error import URLError
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from aurora_core.alerting.channels.base import DeliveryError
from aurora_core.alerting.channels.transport.deadline import NO_ANSWER, cut_off_after
from aurora_core.alerting.channels.urls import WebhookUrl
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.resilience.retry_after import wait_in

_RETRYABLE: Final = (408, 425, 429)
_SUCCESS, _REDIRECTION, _CLIENT_ERROR, _SERVER_ERROR = 200, 300, 400, 500


def post(target: WebhookUrl, body: bytes, timeout_s: float) -> str:
    """Post JSON and return the status. Raises ``DeliveryError``, without the URL in it."""
    sockets = list[socket]()
    headers = {"Content-Type": "application/json", **target.headers}
    try:
        request = Request(target.url, body, headers)  # noqa: S310 - parse_webhook_url() takes HTTP only
        with (
            cut_off_after(timeout_s, lambda: sockets[-1] if sockets else None),
            _build_opener(sockets).open(request, timeout=timeout_s) as response,
        ):
            return _check_status(response)
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise DeliveryError(_describe_failure(error)) from None


def _check_status(response: HTTPResponse) -> str:
    status = response.status
    if _SUCCESS <= status < _REDIRECTION:
        return f"status {status}"
    if _REDIRECTION <= status < _CLIENT_ERROR:
        reason = f"status {status}: redirections are not followed; set the url to the new location"
        raise DeliveryError(reason, permanent=True)
    raise DeliveryError(
        f"status {status}",
        retry_after=wait_in(dict(response.headers), SYSTEM_CLOCK.wall()),
        permanent=status < _SERVER_ERROR and status not in _RETRYABLE,
    )


def _build_opener(sockets: list[socket]) -> OpenerDirector:
    """Return an opener that honours proxies, follows nothing, and appends the sockets that it opens."""
    opener = OpenerDirector()
    for handler in (ProxyHandler(), _HttpHandler(sockets), _HttpsHandler(sockets)):
        opener.add_handler(handler)
    return opener


class _Connection(HTTPConnection):
    """Appends its socket as soon as it has one."""

    def __init__(self, sockets: list[socket], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._sockets = sockets

    def connect(self) -> None:
        super().connect()
        self._sockets.append(self.sock)


class _TlsConnection(_Connection, HTTPSConnection):
    """The same over TLS."""


class _HttpHandler(HTTPHandler):
    def __init__(self, sockets: list[socket]) -> None:
        super().__init__()
        self._connection = partial(_Connection, sockets)

    def http_open(self, request: Request) -> HTTPResponse:
        return self.do_open(self._connection, request)


class _HttpsHandler(HTTPSHandler):
    def __init__(self, sockets: list[socket]) -> None:
        super().__init__()
        self._connection = partial(_TlsConnection, sockets)

    def https_open(self, request: Request) -> HTTPResponse:
        return self.do_open(self._connection, request, context=ssl.create_default_context())


def _describe_failure(error: Exception) -> str:
    """Return the reason in a few words, without the URL."""
    cause = getattr(error, "reason", error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"invalid certificate: {cause.verify_message}"
    if isinstance(cause, TimeoutError | ConnectionResetError | BrokenPipeError):
        return NO_ANSWER
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    if isinstance(cause, HTTPException):
        return f"the answer is not HTTP ({type(cause).__name__})"
    return type(cause).__name__
