"""A breaker that can never open at this rate.

The failure rate counts only from `minimum_calls` on; if the limiter admits fewer in the window, it never
counts.

Example::

    [rate_limit]
    rpm = 10
    [breaker]
    failure_rate = 0.5
    minimum_calls = 20
    window = "60s"

Instead::

    [rate_limit]
    rpm = 10
    [breaker]
    failure_rate = 0.5
    minimum_calls = 5
    window = "60s"
"""

from collections.abc import Iterator

from aurora_cli.check_config.call_bounds import max_calls
from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Compare `minimum_calls` with the most calls that the limiter admits."""
    breaker = context.settings.breaker
    admitted = max_calls(context.settings.rate_limit, breaker.window)
    if breaker.enabled and breaker.failure_rate is not None and breaker.minimum_calls > admitted:
        yield Violation(
            f"`breaker.failure_rate` has no effect: it needs {breaker.minimum_calls} calls in "
            f"{breaker.window:g} s, but the limiter admits at most {admitted}",
            "lower `breaker.minimum_calls` or raise `breaker.window`",
            about=["breaker.minimum_calls", "breaker.window", "breaker.failure_rate", "rate_limit.rpm"],
        )
