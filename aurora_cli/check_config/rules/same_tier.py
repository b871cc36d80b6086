"""Two tiers for the same models.

The first one holds, and the second is never asked.

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

from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Point at the second."""
    seen = set()
    for number, tier in enumerate(subject.settings.rate_limit.tiers):
        if (tier.provider, tier.model) in seen:
            yield Complaint(
                f"there is a tier for {tier.provider}/{tier.model} above",
                "take one of them out",
                about=[("rate_limit", "tiers", number)],
            )
        seen.add((tier.provider, tier.model))
