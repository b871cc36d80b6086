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
from aurora_core.config.renamed import new_name
from aurora_core.config.toml_index import Path


def check(context: LintContext) -> Iterator[Violation]:
    """Report the key with its closest match."""
    for problem in context.total.problems:
        if problem.kind == "unknown":
            yield Violation(problem.message, _fix(problem.path), at=problem.origin, on="key")


def _fix(path: Path) -> str:
    if new_name(path):
        return "use the new name"
    match = suggest_key(path)
    if match:
        return f"did you mean `{match}`?"
    return "remove it; `aurora check-config --show-effective` lists all keys"
