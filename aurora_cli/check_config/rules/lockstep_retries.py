"""Retries without jitter in several workers.

Workers that failed together come back together, again and again: each wave is as high as the first.

Example::

    [rate_limit]
    rpm = 15
    workers = 4
    [retry]
    jitter = "none"

Instead::

    [rate_limit]
    rpm = 15
    workers = 4
    [retry]
    jitter = "full"
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Ask for jitter where there is more than one worker."""
    workers, retry = subject.settings.rate_limit.workers, subject.settings.retry
    if workers > 1 and retry.max_retries and retry.jitter == "none":
        yield Complaint(
            f"{workers} workers retry in step, for `retry.jitter` is none",
            'set `retry.jitter` to "full"',
            about=["retry.jitter", "rate_limit.workers", "retry.max_retries"],
        )
