"""The client library retries as well.

Attempts multiply: a client that retries twice within each of four attempts sends twelve requests, of which
the limiter counts four.

Example::

    [llm]
    sdk_max_retries = 2
    [retry]
    max_retries = 3

Instead::

    [llm]
    sdk_max_retries = 0
    [retry]
    max_retries = 3
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Multiply the attempts of both."""
    inner, outer = 1 + context.settings.llm.sdk_max_retries, 1 + context.settings.retry.max_retries
    if inner > 1 and outer > 1:
        yield Violation(
            f"the client library retries each attempt: {inner} x {outer} = {inner * outer} attempts per call",
            "create the client with max_retries=0, and set `llm.sdk_max_retries` to 0",
            about=["llm.sdk_max_retries", "retry.max_retries"],
        )
