"""An address that does not accept connections (--online).

A connection is opened and closed, nothing is sent; the host has 3 s. If it neither accepts nor refuses, the
result is inconclusive.

Example::

    [llm]
    provider = "custom"
    base_url = "http://localhost:1/v1"

Instead::

    [llm]
    provider = "custom"
    base_url = "http://localhost:8000/v1"
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import Inconclusive, LintContext, Violation
from aurora_cli.check_config.network import connect, list_targets, resolve, run_concurrently


def check(context: LintContext) -> Iterator[Violation | Inconclusive]:
    """Connect to every host that resolves; another rule reports those that do not."""
    targets = list_targets(context)
    resolved = run_concurrently(resolve, targets)
    known = [target for target in targets if resolved.get(target, "") is None]
    answers = run_concurrently(connect, known)
    for target in known:
        reason = answers.get(target, "")
        address = f"{target.host}:{target.port}"
        if reason:
            yield Violation(
                f"{address} does not accept connections: {reason}",
                "check that it is up, and its port",
                about=[target.path],
            )
        elif reason == "":
            yield Inconclusive(f"{address} neither accepted nor refused a connection")
