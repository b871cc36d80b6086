"""More requests a minute than the provider allows.

What the limiter lets through beyond the provider's limit comes back as 429: the wait moves from your
limiter, where callers stand in line, to retries, where they fight. A plan that allows more says so in
`provider_rpm`.

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

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.config.published import published_limit


def check(subject: Subject) -> Iterator[Complaint]:
    """Compare the limiter and each tier with what their provider allows."""
    rate_limit, allowed = subject.settings.rate_limit, subject.provider_rpm()
    help_ = "lower it, or set `provider_rpm` where your plan allows more"
    if allowed is not None and rate_limit.rpm > allowed[0]:
        yield Complaint(
            f"`rate_limit.rpm` is {rate_limit.rpm}, and {allowed[1]} allows {allowed[0]} a minute",
            help_,
            about=["rate_limit.rpm", "llm.model", "llm.provider", "rate_limit.provider_rpm"],
        )
    for number, tier in enumerate(rate_limit.tiers):
        limit = published_limit(tier.provider, tier.model)
        most = tier.provider_rpm or (limit and limit.rpm)
        if most and tier.rpm > most:
            yield Complaint(
                f"tier {tier.provider}/{tier.model} lets {tier.rpm} through, and {most} a minute are allowed",
                help_,
                about=[("rate_limit", "tiers", number, "rpm")],
            )
