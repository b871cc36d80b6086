"""A host name that does not resolve (--online).

The resolver of this machine has 3 s; without an answer the result is inconclusive.

Example::

    [llm]
    base_url = "https://api.openai.invalid/v1"

Instead::

    [llm]
    base_url = "https://api.openai.com/v1"
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import Inconclusive, LintContext, Violation
from aurora_cli.check_config.network import list_targets, resolve, run_concurrently


def check(context: LintContext) -> Iterator[Violation | Inconclusive]:
    """Resolve the host of every address."""
    targets = list_targets(context)
    answers = run_concurrently(resolve, targets)
    for target in targets:
        reason = answers.get(target, "")
        if reason:
            yield Violation(
                f"{target.host} does not resolve: {reason}", "check its spelling", about=[target.path]
            )
        elif reason == "":
            yield Inconclusive(f"no name server answered for {target.host}")
