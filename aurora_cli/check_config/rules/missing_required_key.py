"""A required key is missing from a table.

Example::

    [[rate_limit.tiers]]
    provider = "openai"
    model = "gpt-3.5*"

Instead::

    [[rate_limit.tiers]]
    provider = "openai"
    model = "gpt-3.5*"
    rpm = 3500
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Report the table and its missing key."""
    for problem in context.total.problems:
        if problem.kind == "missing" and problem.hidden_by is None:
            yield Violation(problem.message, f"add `{problem.path[-1]} = ..`", at=problem.origin)
