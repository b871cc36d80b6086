"""Asking names, addresses and files, each within its time, all at once."""

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from queue import Empty, Queue
from threading import Thread
from typing import Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

from aurora_cli.check_config.subject import Subject
from aurora_core.alerting.channels.registry import CHANNELS
from aurora_core.alerting.channels.urls import HTTP_PORTS
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.config.toml_index import Path

PATIENCE_S: Final = 3.0

_ADDRESSES: Final = {"openai": "https://api.openai.com", "anthropic": "https://api.anthropic.com"}

_Asked = TypeVar("_Asked")
_Answer = TypeVar("_Answer")


class Target(NamedTuple):
    """Somebody who should answer, and the setting that says so."""

    path: Path
    host: str
    port: int


def targets(subject: Subject) -> list[Target]:
    """The provider, and every channel that has an address."""
    return [target for each in _urls(subject) if (target := _target(*each)) is not None]


def at_once(ask: Callable[[_Asked], _Answer], asked: Sequence[_Asked]) -> dict[_Asked, _Answer]:
    """Ask all at the same time; whoever has not answered after 3 s is not in the result.

    The threads are daemons: a name server that hangs holds nobody up.
    """
    answers: Queue[tuple[_Asked, _Answer]] = Queue()
    for one in asked:
        Thread(target=lambda one=one: answers.put((one, ask(one))), daemon=True).start()
    ends = SYSTEM_CLOCK.now() + PATIENCE_S
    found: dict[_Asked, _Answer] = {}
    while len(found) < len(asked):
        try:
            one, answer = answers.get(timeout=max(0.0, ends - SYSTEM_CLOCK.now()))
        except Empty:
            break
        found[one] = answer
    return found


def resolve(target: Target) -> str | None:
    """None where the name resolves, else why not; an empty text where nobody could say."""
    try:
        socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        return "" if error.errno == socket.EAI_AGAIN else error.strerror or "it does not resolve"
    except (OSError, UnicodeError):
        return "it is no name"
    return None


def connect(target: Target) -> str | None:
    """None where somebody answers, else why not; an empty text where nobody could say."""
    try:
        socket.create_connection((target.host, target.port), PATIENCE_S).close()
    except ConnectionError as error:
        return error.strerror or "it refuses"
    except (OSError, UnicodeError):
        return ""
    return None


def _urls(subject: Subject) -> Iterator[tuple[Path, str, Mapping[str, int]]]:
    """The settings that hold a URL, the URL, and the default port of each of its schemes."""
    llm = subject.settings.llm
    if llm.base_url is not None:
        yield ("llm", "base_url"), llm.base_url, HTTP_PORTS
    elif llm.provider in _ADDRESSES:
        yield ("llm", "provider"), _ADDRESSES[llm.provider], HTTP_PORTS
    for name, channel in subject.settings.alerts.channels.items():
        if channel.url is not None:
            ports = CHANNELS[channel.type].default_ports
            yield ("alerts", "channels", name, "url"), channel.url.reveal(), ports


def _target(path: Path, url: str, ports: Mapping[str, int]) -> Target | None:
    try:
        parts = urlsplit(url)
        port = parts.port or ports.get(parts.scheme)
    except ValueError:
        return None
    return Target(path, parts.hostname, port) if parts.hostname and port else None
