"""A burst that overshoots the provider's limit.

A token bucket of size b that is refilled at N a minute lets up to N+b-1 requests start in one minute.

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

from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Say how many could start in a minute; without a known limit its own is the measure."""
    limit = subject.settings.rate_limit
    if limit.burst is None or limit.burst <= 1:
        return
    most, name = subject.provider_rpm() or (limit.rpm, "`rate_limit.rpm`")
    starts = limit.rpm + limit.burst - 1
    if starts > most:
        yield Complaint(
            f"a burst of {limit.burst:g} lets {limit.rpm} + {limit.burst:g} - 1 = {starts:g} requests start "
            f"in one minute, and {name} allows {most}",
            f"set `rpm` to {most - limit.burst + 1:g} or `burst` to {max(1, most - limit.rpm + 1):g}"
            if most > limit.burst
            else "take `burst` out: then no rolling minute has more than `rpm`",
            about=["rate_limit.burst", "rate_limit.rpm", "llm.model", "rate_limit.provider_rpm"],
        )
