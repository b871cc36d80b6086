"""One failing call opens the breaker.

Each attempt counts, so one call with its retries reaches the threshold alone, and every other caller is
refused for `breaker.timeout`.

Example::

    [retry]
    max_retries = 3
    [breaker]
    failure_threshold = 3

Instead::

    [retry]
    max_retries = 3
    [breaker]
    failure_threshold = 10
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Compare the threshold with the attempts of one call."""
    breaker, attempts = context.settings.breaker, 1 + context.settings.retry.max_retries
    if breaker.enabled and attempts > 1 and breaker.failure_threshold <= attempts:
        yield Violation(
            f"one failing call opens the breaker: its {attempts} attempts reach "
            f"`breaker.failure_threshold` = {breaker.failure_threshold}",
            f"set `breaker.failure_threshold` above {attempts}",
            about=["breaker.failure_threshold", "retry.max_retries", "breaker.enabled"],
        )
