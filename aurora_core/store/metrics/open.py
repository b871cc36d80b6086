"""Open the metrics store that a URL or a path names."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from aurora_core.store.metrics.base import MetricsBackend
from aurora_core.store.metrics.retention import Retention
from aurora_core.store.metrics.sqlite import MetricsStore
from aurora_core.store_url import StoreUrl, parse_store_url

OPENERS: Final[Mapping[str, Callable[[str, Retention | None], MetricsBackend]]] = {"sqlite": MetricsStore}
"""How to open each scheme of ``store_url.SCHEMES``, from what stands after it."""


def open_store(
    url: str | Path | StoreUrl,
    retention: Retention | None = Retention(),  # noqa: B008 - frozen
) -> MetricsBackend:
    """Return the store; nothing is opened or created before its first use.

    Without a ``retention`` every minute is kept. Raises ``ValueError`` for an invalid URL.
    """
    if isinstance(url, Path):
        url = StoreUrl("sqlite", str(url))
    elif isinstance(url, str):
        url = parse_store_url(url)
    return OPENERS[url.scheme](url.target, retention)
