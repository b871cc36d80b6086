"""A file of cache or metrics that cannot be opened (--online).

It is opened for reading only; one that is not there yet is fine, for the service makes it.

Example::

    [store]
    url = "/etc/hostname"

Instead::

    [store]
    url = "/var/tmp/metrics.db"
"""

from collections.abc import Callable, Iterator

from aurora_cli.check_config.probing import PATIENCE_S
from aurora_cli.check_config.subject import Complaint, Subject, Undecided
from aurora_core.config.settings import Settings
from aurora_core.errors import StoreError
from aurora_core.sqlite import is_unavailable, open_readonly, read_header
from aurora_core.store import open_store


def check(subject: Subject) -> Iterator[Complaint | Undecided]:
    """Open both, without writing to them."""
    probes: tuple[tuple[str, Callable[[Settings], None]], ...] = (
        ("cache.path", _open_cache),
        ("store.url", _open_metrics),
    )
    for key, probe in probes:
        try:
            probe(subject.settings)
        except (StoreError, OSError) as error:
            if is_unavailable(error):
                yield Undecided(f"`{key}`: {error}")
            else:
                yield Complaint(f"`{key}`: {error}", "name another file, or move this one away", about=[key])


def _open_cache(settings: Settings) -> None:
    if settings.cache.path.is_file():
        with open_readonly(settings.cache.path, PATIENCE_S) as connection:
            read_header(connection)


def _open_metrics(settings: Settings) -> None:
    open_store(settings.store.location).exists()
