"""The first retry delay is above the longest.

Then every delay is the longest one, and nothing backs off.

Example::

    [retry]
    base_delay_ms = 10000
    max_delay_ms = 5000

Instead::

    [retry]
    base_delay_ms = 100
    max_delay_ms = 5000
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Compare the first delay with the longest."""
    retry = context.settings.retry
    if retry.base_delay_ms > retry.max_delay_ms:
        yield Violation(
            f"`retry.base_delay_ms` is {retry.base_delay_ms:g}, above `retry.max_delay_ms` = "
            f"{retry.max_delay_ms:g}: every delay is {retry.max_delay_ms:g} ms",
            "set `retry.base_delay_ms` below `retry.max_delay_ms`",
            about=["retry.base_delay_ms", "retry.max_delay_ms"],
        )
