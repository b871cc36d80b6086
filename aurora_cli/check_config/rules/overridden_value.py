"""A value that another layer overrides.

Layers are made for this, but a change of the lower value will have no effect.

Example::

    export AURORA_RATE_LIMIT_RPM=60
    [rate_limit]
    rpm = 30

Instead::

    [rate_limit]
    rpm = 60
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Report which layer wins; two names in one source are reported by another rule."""
    for override in context.overrides():
        key, upper = override.setting.key, override.upper
        if override.differ and upper.kind != "flag" and not override.within_one_source:
            yield Violation(f"`{key}` is overridden by {upper}", about=[key], at=override.lower)
