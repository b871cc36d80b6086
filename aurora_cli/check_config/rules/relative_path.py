"""A path that depends on where the service is started.

Started elsewhere, it begins with an empty cache and reports on nothing.

Example::

    [store]
    url = "metrics.db"

Instead::

    [store]
    url = "/var/tmp/metrics.db"
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Ask for the whole path."""
    for key, path in subject.settings.database_files().items():
        if not path.is_absolute():
            yield Complaint(
                f"`{key}` = {path} is relative: it depends on where the service is started",
                f"write {path.absolute()}, or wherever it belongs",
                about=[key],
            )
