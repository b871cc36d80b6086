"""A path that depends on where the service is started.

Started elsewhere, it begins with an empty cache and reports on nothing.

Example::

    [store]
    path = "metrics.db"

Instead::

    [store]
    path = "/var/tmp/metrics.db"
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Ask for the whole path."""
    for key, path in (
        ("cache.path", subject.settings.cache.path),
        ("store.path", subject.settings.store.path),
    ):
        if not path.is_absolute():
            yield Complaint(
                f"`{key}` = {path} is relative: it depends on where the service is started",
                f"write {path.absolute()}, or wherever it belongs",
                about=[key],
            )
