"""Retries without jitter in several workers.

Workers that fail together retry together: each wave of requests is as high as the first.

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

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Require jitter if there is more than one worker."""
    workers, retry = context.settings.rate_limit.workers, context.settings.retry
    if workers > 1 and retry.max_retries and retry.jitter == "none":
        yield Violation(
            f"{workers} workers retry at the same moments, since `retry.jitter` is none",
            'set `retry.jitter` to "full"',
            about=["retry.jitter", "rate_limit.workers", "retry.max_retries"],
        )
