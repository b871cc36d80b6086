"""A port of this machine that two are meant to have.

The metrics port cannot be that of a provider, or a receiver of alerts, on the same machine.

Example::

    [llm]
    provider = "custom"
    base_url = "http://localhost:9090/v1"
    [metrics]
    port = 9090

Instead::

    [llm]
    provider = "custom"
    base_url = "http://localhost:8000/v1"
    [metrics]
    port = 9090
"""

from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.config.problems import dotted
from aurora_core.config.toml_index import Path

_HERE = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104 - looked for, not listened on


def check(subject: Subject) -> Iterator[Complaint]:
    """Compare it with the addresses on this machine."""
    metrics = subject.settings.metrics
    for path, url in _addresses(subject):
        if metrics.enabled and _port_here(url) == metrics.port:
            yield Complaint(
                f"port {metrics.port} is meant for metrics, and `{dotted(path)}` has it on this machine",
                "choose another one for `metrics.port`",
                about=["metrics.port", path, "metrics.enabled"],
            )


def _addresses(subject: Subject) -> Iterator[tuple[Path, str]]:
    settings = subject.settings
    if settings.llm.base_url is not None:
        yield ("llm", "base_url"), settings.llm.base_url
    for name, channel in settings.alerts.channels.items():
        if channel.url is not None:
            yield ("alerts", "channels", name, "url"), channel.url.reveal()


def _port_here(url: str) -> int | None:
    with suppress(ValueError):
        parts = urlsplit(url)
        return parts.port if parts.hostname in _HERE else None
    return None
