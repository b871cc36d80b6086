"""A path relative to the working directory of the service.

Started elsewhere, the service begins with an empty cache, and reports have no data.

Example::

    [store]
    url = "metrics.db"

Instead::

    [store]
    url = "/var/tmp/metrics.db"
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Require absolute paths."""
    for key, path in context.settings.database_files().items():
        if not path.is_absolute():
            yield Violation(
                f"`{key}` = {path} is relative to the working directory of the service",
                f"set an absolute path such as {path.absolute()}",
                about=[key],
            )
