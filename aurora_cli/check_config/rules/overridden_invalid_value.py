"""An invalid value that another layer overrides.

It does no harm until the other value is removed.

Example::

    export AURORA_RATE_LIMIT_RPM=60
    [rate_limit]
    rpm = "x"

Instead::

    [rate_limit]
    rpm = 60
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.config.origin import Origin
from aurora_core.config.problems import Problem, dotted


def check(context: LintContext) -> Iterator[Violation]:
    """Report the value and the layer that overrides it."""
    for problem in context.total.problems:
        if problem.hidden_by is not None and problem.kind != "unknown":
            yield Violation(_describe(context, problem, problem.hidden_by))


def _describe(context: LintContext, problem: Problem, above: Origin) -> str:
    given = f"`{dotted(problem.path)}`"
    if problem.shown and problem.origin.kind in {"file", "flag"}:
        given = f"`{dotted(problem.path)} = {problem.shown}`"
    value = context.environ.get(above.name, "") if above.kind == "environment" else ""
    return f"{problem.origin} {given} is invalid but hidden by {above}{f'={value}' if value else ''}"
