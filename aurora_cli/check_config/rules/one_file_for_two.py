"""Cache and metrics in one database file.

Each of them refuses a file with the tables of another program.

Example::

    [cache]
    path = "/var/tmp/aurora.db"
    [store]
    path = "/var/tmp/aurora.db"

Instead::

    [cache]
    path = "/var/tmp/cache.db"
    [store]
    path = "/var/tmp/metrics.db"
"""

import os
from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Compare the files that the two paths resolve to."""
    cache, store = context.settings.cache.path, context.settings.store.path
    if os.path.realpath(cache) == os.path.realpath(store):
        yield Violation(
            f"`cache.path` and `store.path` are the same file: {cache}",
            "set two different files",
            about=["store.path", "cache.path"],
        )
