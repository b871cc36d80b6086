"""The metrics port is used by another service of this machine.

It cannot be the port of a provider or of a receiver of alerts on the same machine.

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

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.config.problems import dotted
from aurora_core.config.toml_index import Path

_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104 - compared, not bound


def check(context: LintContext) -> Iterator[Violation]:
    """Compare it with the ports of local addresses."""
    metrics = context.settings.metrics
    for path, url in _addresses(context):
        if metrics.enabled and _local_port(url) == metrics.port:
            yield Violation(
                f"`metrics.port` = {metrics.port} is also the port of `{dotted(path)}` on this machine",
                "set `metrics.port` to another port",
                about=["metrics.port", path, "metrics.enabled"],
            )


def _addresses(context: LintContext) -> Iterator[tuple[Path, str]]:
    settings = context.settings
    if settings.llm.base_url is not None:
        yield ("llm", "base_url"), settings.llm.base_url
    for name, channel in settings.alerts.channels.items():
        if channel.url is not None:
            yield ("alerts", "channels", name, "url"), channel.url.reveal()


def _local_port(url: str) -> int | None:
    with suppress(ValueError):
        parts = urlsplit(url)
        return parts.port if parts.hostname in _LOCAL_HOSTS else None
    return None
