"""An environment variable that matches no setting.

A misspelt variable has no effect: the service starts with the default, without a warning.

Example::

    export AURORA_RATE_LIMIT_RMP=60

Instead::

    export AURORA_RATE_LIMIT_RPM=60
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation
from aurora_cli.check_config.suggest import VARIABLE_NAMES
from aurora_core.config.suggest import closest_match


def check(context: LintContext) -> Iterator[Violation]:
    """Report the variable with its closest match."""
    for layer in context.layers("env-file", "environment"):
        for origin in layer.unknown:
            match = closest_match(origin.name, VARIABLE_NAMES)
            yield Violation(
                f"environment variable {origin.name} matches no setting",
                f"did you mean {match}?" if match else "unset it; `aurora init -` lists all variables",
                at=origin if layer.file else None,
            )
