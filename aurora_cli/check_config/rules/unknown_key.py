"""An unknown key or table.

A misspelt key has no effect, and the default is used instead.

Example::

    [rate_limit]
    max_wiat = 60

Instead::

    [rate_limit]
    max_wait = 60
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation
from aurora_cli.check_config.suggest import suggest_key


def check(context: LintContext) -> Iterator[Violation]:
    """Report the key with its closest match."""
    for problem in context.total.problems:
        if problem.kind == "unknown":
            match = suggest_key(problem.path)
            help_ = (
                f"did you mean `{match}`?"
                if match
                else "remove it; `aurora check-config --show-effective` lists all keys"
            )
            yield Violation(problem.message, help_, at=problem.origin, on="key")
