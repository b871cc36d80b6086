"""A longest delay that no retry comes to.

It does no harm; whoever reads it thinks that callers wait so long, and they never do.

Example::

    [retry]
    max_retries = 3
    base_delay_ms = 100
    max_delay_ms = 5000

Instead::

    [retry]
    max_retries = 3
    base_delay_ms = 100
    max_delay_ms = 400
"""

from collections.abc import Iterator

from aurora_cli.check_config.longest_call import delays_ms
from aurora_cli.check_config.subject import Complaint, Subject

_ABOUT = ("retry.max_delay_ms", "retry.max_retries", "retry.base_delay_ms", "retry.backoff_multiplier")


def check(subject: Subject) -> Iterator[Complaint]:
    """Compare it with the last delay there is; the guide's own numbers are left in peace."""
    retry = subject.settings.retry
    longest = max(delays_ms(retry), default=0.0)
    if retry.max_retries and longest < retry.max_delay_ms and subject.is_chosen(*_ABOUT):
        yield Complaint(
            f"`retry.max_delay_ms` = {retry.max_delay_ms:g} is never reached: the last of "
            f"{retry.max_retries} retries waits {longest:g} ms",
            about=_ABOUT,
        )
