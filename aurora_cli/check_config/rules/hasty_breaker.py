"""One failing call opens the breaker.

Each attempt counts, so a single call with its retries comes to the threshold alone, and every other caller is
refused for `breaker.timeout`.

Example::

    [retry]
    max_retries = 3
    [breaker]
    failure_threshold = 3

Instead::

    [retry]
    max_retries = 3
    [breaker]
    failure_threshold = 10
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Compare the threshold with the attempts of one call."""
    breaker, attempts = subject.settings.breaker, 1 + subject.settings.retry.max_retries
    if breaker.enabled and attempts > 1 and breaker.failure_threshold <= attempts:
        yield Complaint(
            f"one failing call opens the breaker: it makes {attempts} attempts, and "
            f"{breaker.failure_threshold} failures are enough",
            f"set `breaker.failure_threshold` above {attempts}",
            about=["breaker.failure_threshold", "retry.max_retries", "breaker.enabled"],
        )
