"""The same setting in two places, with the same value.

A change of one of them will make them differ.

Example::

    export AURORA_RATE_LIMIT_RPM=60
    [rate_limit]
    rpm = 60

Instead::

    [rate_limit]
    rpm = 60
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Report the other place; a file of variables may even repeat a variable."""
    for setting, lower, upper, differ in context.overrides():
        if not differ and upper.kind != "flag":
            yield Violation(f"`{setting.key}` is set again by {upper}", about=[setting.path], at=lower)
    for layer in context.layers("env-file"):
        for origin in layer.repeated:
            yield Violation(
                f"{origin.name} is set again in a later line, which wins", at=origin, severity="warning"
            )
