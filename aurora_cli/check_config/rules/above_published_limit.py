"""More requests per minute than the provider allows.

Requests that the limiter admits beyond the provider's limit get a 429: callers no longer wait in order at
the limiter, they compete in retries. If your plan allows more, set `provider_rpm`.

Example::

    [llm]
    model = "gpt-4"
    [rate_limit]
    rpm = 100

Instead::

    [llm]
    model = "gpt-4"
    [rate_limit]
    rpm = 100
    provider_rpm = 500
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.providers import published_limit


def check(context: LintContext) -> Iterator[Violation]:
    """Compare the limiter and each tier with the limit of their provider."""
    rate_limit, allowed = context.settings.rate_limit, context.provider_rpm()
    help_ = "lower it, or set `provider_rpm` if your plan allows more"
    if allowed is not None and rate_limit.rpm > allowed[0]:
        yield Violation(
            f"`rate_limit.rpm` is {rate_limit.rpm}, but {allowed[1]} allows {allowed[0]} requests per minute",
            help_,
            about=["rate_limit.rpm", "llm.model", "llm.provider", "rate_limit.provider_rpm"],
        )
    for number, tier in enumerate(rate_limit.tiers):
        limit = published_limit(tier.provider, tier.model)
        max_rpm = tier.provider_rpm or (limit and limit.rpm)
        if max_rpm and tier.rpm > max_rpm:
            yield Violation(
                f"tier {tier.provider}/{tier.model} has rpm {tier.rpm}, but {max_rpm} requests per minute "
                "are allowed",
                help_,
                about=[("rate_limit", "tiers", number, "rpm")],
            )
