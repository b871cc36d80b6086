"""Two tiers for the same models.

The first one is used, the second one never.

Example::

    [[rate_limit.tiers]]
    provider = "openai"
    model = "gpt-3.5*"
    rpm = 3500
    [[rate_limit.tiers]]
    provider = "openai"
    model = "gpt-3.5*"
    rpm = 1000

Instead::

    [[rate_limit.tiers]]
    provider = "openai"
    model = "gpt-3.5*"
    rpm = 1000
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Report the second one."""
    seen = set()
    for number, tier in enumerate(context.settings.rate_limit.tiers):
        if (tier.provider, tier.model) in seen:
            yield Violation(
                f"duplicate tier for {tier.provider}/{tier.model}",
                "remove one of them",
                about=[("rate_limit", "tiers", number)],
            )
        seen.add((tier.provider, tier.model))
