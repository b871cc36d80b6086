"""A cache or metrics file that cannot be opened (--online).

It is opened read-only; a file that does not exist yet is fine, since the service creates it.

Example::

    [store]
    url = "/etc/hostname"

Instead::

    [store]
    url = "/var/tmp/metrics.db"
"""

from collections.abc import Callable, Iterator

from aurora_cli.check_config.context import Inconclusive, LintContext, Violation
from aurora_cli.check_config.network import TIMEOUT_S
from aurora_core.config.settings import Settings
from aurora_core.errors import StoreError
from aurora_core.sqlite import is_unavailable, open_readonly, read_header
from aurora_core.store import open_store


def check(context: LintContext) -> Iterator[Violation | Inconclusive]:
    """Open both, without writing to them."""
    probes: tuple[tuple[str, Callable[[Settings], None]], ...] = (
        ("cache.path", _open_cache),
        ("store.url", _open_metrics),
    )
    for key, probe in probes:
        try:
            probe(context.settings)
        except (StoreError, OSError) as error:
            if is_unavailable(error):
                yield Inconclusive(f"`{key}`: {error}")
            else:
                yield Violation(f"`{key}`: {error}", "set another path, or move this file away", about=[key])


def _open_cache(settings: Settings) -> None:
    if settings.cache.path.is_file():
        with open_readonly(settings.cache.path, TIMEOUT_S) as connection:
            read_header(connection)


def _open_metrics(settings: Settings) -> None:
    open_store(settings.store.location).exists()
