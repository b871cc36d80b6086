"""Cache and metrics in one database file.

Each of them refuses a file with the tables of another program.

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

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Compare the files that the two paths resolve to."""
    cache, store = context.settings.cache.path, context.settings.store.file
    if store is not None and os.path.realpath(cache) == os.path.realpath(store):
        yield Violation(
            f"`cache.path` and `store.url` are the same file: {cache}",
            "set two different files",
            about=["store.url", "cache.path"],
        )
