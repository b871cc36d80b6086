"""A path relative to the working directory of the service.

Started elsewhere, the service begins with an empty cache, and reports have no data.

Example::

    [store]
    path = "metrics.db"

Instead::

    [store]
    path = "/var/tmp/metrics.db"
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Require absolute paths."""
    for key, path in (
        ("cache.path", context.settings.cache.path),
        ("store.path", context.settings.store.path),
    ):
        if not path.is_absolute():
            yield Violation(
                f"`{key}` = {path} is relative to the working directory of the service",
                f"set an absolute path such as {path.absolute()}",
                about=[key],
            )
