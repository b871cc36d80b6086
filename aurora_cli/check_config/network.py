"""Probe host names and addresses, concurrently and with a timeout."""

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from queue import Empty, Queue
from threading import Thread
from typing import Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

from aurora_cli.check_config.context import LintContext
from aurora_core.alerting.channels.registry import CHANNELS
from aurora_core.alerting.channels.urls import HTTP_PORTS
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.config.toml_index import Path
from aurora_core.providers import find_provider

TIMEOUT_S: Final = 3.0

_Request = TypeVar("_Request")
_Answer = TypeVar("_Answer")


class Target(NamedTuple):
    """An address that should answer, and the setting that names it."""

    path: Path
    host: str
    port: int


def list_targets(context: LintContext) -> list[Target]:
    """Return the addresses of the provider and of every channel that has one."""
    return [target for each in _urls(context) if (target := _parse_target(*each)) is not None]


def run_concurrently(
    probe: Callable[[_Request], _Answer], requests: Sequence[_Request]
) -> dict[_Request, _Answer]:
    """Probe all at the same time; what has no answer within ``TIMEOUT_S`` is not in the result.

    The threads are daemons: a name server that hangs does not delay the exit.
    """
    queue: Queue[tuple[_Request, _Answer]] = Queue()
    for request in requests:
        Thread(target=lambda request=request: queue.put((request, probe(request))), daemon=True).start()
    deadline = SYSTEM_CLOCK.now() + TIMEOUT_S
    answers: dict[_Request, _Answer] = {}
    while len(answers) < len(requests):
        try:
            request, answer = queue.get(timeout=max(0.0, deadline - SYSTEM_CLOCK.now()))
        except Empty:
            break
        answers[request] = answer
    return answers


def resolve(target: Target) -> str | None:
    """Return None if the name resolves, else the reason; an empty text if no server answered."""
    try:
        socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        return "" if error.errno == socket.EAI_AGAIN else error.strerror or "no such name"
    except (OSError, UnicodeError):
        return "invalid host name"
    return None


def connect(target: Target) -> str | None:
    """Return None if the host accepts a connection, else the reason; an empty text if it did not answer."""
    try:
        socket.create_connection((target.host, target.port), TIMEOUT_S).close()
    except ConnectionError as error:
        return error.strerror or "connection refused"
    except (OSError, UnicodeError):
        return ""
    return None


def _urls(context: LintContext) -> Iterator[tuple[Path, str, Mapping[str, int]]]:
    """Yield the settings that hold a URL, the URL, and the default port of each of its schemes."""
    llm = context.settings.llm
    if llm.base_url is not None:
        yield ("llm", "base_url"), llm.base_url, HTTP_PORTS
    elif base_url := find_provider(llm.provider).base_url:
        yield ("llm", "provider"), base_url, HTTP_PORTS
    for name, channel in context.settings.alerts.channels.items():
        if channel.url is not None:
            ports = CHANNELS[channel.type].default_ports
            yield ("alerts", "channels", name, "url"), channel.url.reveal(), ports


def _parse_target(path: Path, url: str, ports: Mapping[str, int]) -> Target | None:
    try:
        parts = urlsplit(url)
        port = parts.port or ports.get(parts.scheme)
    except ValueError:
        return None
    return Target(path, parts.hostname, port) if parts.hostname and port else None
