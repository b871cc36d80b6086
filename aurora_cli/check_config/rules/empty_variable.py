"""A variable without a value, which counts as not set.

Example::

    export AURORA_RATE_LIMIT_RPM=

Instead::

    export AURORA_RATE_LIMIT_RPM=60
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Report each empty variable."""
    for layer in context.layers("env-file", "environment"):
        for origin in layer.empty:
            yield Violation(f"{origin.name} is empty, which counts as not set", at=origin)
