"""The client library retries, too.

Attempts multiply: a client that retries twice within each of our four attempts sends twelve requests, of
which the limiter counts four.

Example::

    [llm]
    sdk_max_retries = 2
    [retry]
    max_retries = 3

Instead::

    [llm]
    sdk_max_retries = 0
    [retry]
    max_retries = 3
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Multiply the two."""
    inner, outer = 1 + subject.settings.llm.sdk_max_retries, 1 + subject.settings.retry.max_retries
    if inner > 1 and outer > 1:
        yield Complaint(
            f"the client retries within our retries: {inner} x {outer} = {inner * outer} attempts a call",
            "give the client max_retries=0, and set `llm.sdk_max_retries` to 0",
            about=["llm.sdk_max_retries", "retry.max_retries"],
        )
