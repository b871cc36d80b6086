"""A maximum delay that no retry reaches.

It has no effect, but suggests that callers wait that long.

Example::

    [retry]
    max_retries = 3
    base_delay_ms = 100
    max_delay_ms = 5000

Instead::

    [retry]
    max_retries = 3
    base_delay_ms = 100
    max_delay_ms = 400
"""

from collections.abc import Iterator

from aurora_cli.check_config.call_bounds import delays_ms
from aurora_cli.check_config.context import LintContext, Violation

_ABOUT = ("retry.max_delay_ms", "retry.max_retries", "retry.base_delay_ms", "retry.backoff_multiplier")


def check(context: LintContext) -> Iterator[Violation]:
    """Compare it with the longest delay, unless all values are the guide's."""
    retry = context.settings.retry
    longest = max(delays_ms(retry), default=0.0)
    if retry.max_retries and longest < retry.max_delay_ms and context.is_chosen(*_ABOUT):
        yield Violation(
            f"`retry.max_delay_ms` = {retry.max_delay_ms:g} is never reached: the last of "
            f"{retry.max_retries} retries waits {longest:g} ms",
            about=_ABOUT,
        )
