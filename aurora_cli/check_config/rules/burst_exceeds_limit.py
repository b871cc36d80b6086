"""A burst that exceeds the provider's limit.

A token bucket of size b, refilled at N per minute, admits up to N+b-1 requests in one minute.

Example::

    [llm]
    model = "gpt-4"
    [rate_limit]
    rpm = 60
    burst = 20

Instead::

    [llm]
    model = "gpt-4"
    [rate_limit]
    rpm = 50
    burst = 10
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Compare the starts per minute with the provider's limit; if unknown, with `rate_limit.rpm`."""
    limit = context.settings.rate_limit
    if limit.burst is None or limit.burst <= 1:
        return
    allowed, name = context.provider_rpm() or (limit.rpm, "`rate_limit.rpm`")
    starts = limit.rpm + limit.burst - 1
    if starts > allowed:
        yield Violation(
            f"a burst of {limit.burst:g} admits {limit.rpm} + {limit.burst:g} - 1 = {starts:g} requests in "
            f"one minute, but {name} allows {allowed}",
            f"set `rpm` to {allowed - limit.burst + 1:g} or `burst` to {max(1, allowed - limit.rpm + 1):g}"
            if allowed > limit.burst
            else "remove `burst`: then no rolling minute has more than `rpm` requests",
            about=["rate_limit.burst", "rate_limit.rpm", "llm.model", "rate_limit.provider_rpm"],
        )
