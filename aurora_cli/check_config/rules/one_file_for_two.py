"""Cache and metrics in one file.

Each would take the other's tables for those of another program.

Example::

    [cache]
    path = "/var/tmp/aurora.db"
    [store]
    url = "/var/tmp/aurora.db"

Instead::

    [cache]
    path = "/var/tmp/cache.db"
    [store]
    url = "/var/tmp/metrics.db"
"""

import os
from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Compare what the two paths lead to."""
    cache, store = subject.settings.cache.path, subject.settings.store.file
    if store is not None and os.path.realpath(cache) == os.path.realpath(store):
        yield Complaint(
            f"cache and metrics are one file: {cache}",
            "give each a file of its own",
            about=["store.url", "cache.path"],
        )
