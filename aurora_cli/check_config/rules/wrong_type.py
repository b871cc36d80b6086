"""A value of the wrong type.

In a file a number is written as a number; a duration or a size may carry its unit, as "60s" or "10 KiB".

Example::

    [rate_limit]
    rpm = "sixty"

Instead::

    [rate_limit]
    rpm = 60
    max_wait = "60s"
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Report the expected type."""
    for problem in context.total.problems:
        if problem.kind == "type" and problem.hidden_by is None:
            yield Violation(problem.message, at=problem.origin)
