"""A port that only root may bind.

Example::

    [metrics]
    port = 80

Instead::

    [metrics]
    port = 9090
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation

_MIN_UNPRIVILEGED = 1024


def check(context: LintContext) -> Iterator[Violation]:
    """Report a metrics port below 1024."""
    metrics = context.settings.metrics
    if metrics.enabled and metrics.port < _MIN_UNPRIVILEGED:
        yield Violation(
            f"`metrics.port` = {metrics.port} is below {_MIN_UNPRIVILEGED}, which only root may bind",
            f"set a port from {_MIN_UNPRIVILEGED} on",
            about=["metrics.port", "metrics.enabled"],
        )
