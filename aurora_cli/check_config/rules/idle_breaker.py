"""A breaker that can never open at this rate.

The share of failures counts only from `minimum_calls` on; where the limiter lets fewer through in the
window, it never does.

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

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_cli.check_config.traffic import most_calls


def check(subject: Subject) -> Iterator[Complaint]:
    """Compare the calls that it wants with those that there can be."""
    breaker = subject.settings.breaker
    most = most_calls(subject.settings.rate_limit, breaker.window)
    if breaker.enabled and breaker.failure_rate is not None and breaker.minimum_calls > most:
        yield Complaint(
            f"the breaker's share of failures never counts: it wants {breaker.minimum_calls} calls in "
            f"{breaker.window:g} s, and the limiter lets at most {most} through",
            "lower `breaker.minimum_calls`, or look back further with `breaker.window`",
            about=["breaker.minimum_calls", "breaker.window", "breaker.failure_rate", "rate_limit.rpm"],
        )
