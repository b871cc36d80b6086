"""A first delay above the longest.

Then every delay is the cap, and nothing backs off.

Example::

    [retry]
    base_delay_ms = 10000
    max_delay_ms = 5000

Instead::

    [retry]
    base_delay_ms = 100
    max_delay_ms = 5000
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Compare the two."""
    retry = subject.settings.retry
    if retry.base_delay_ms > retry.max_delay_ms:
        yield Complaint(
            f"`retry.base_delay_ms` is {retry.base_delay_ms:g}, above `retry.max_delay_ms` = "
            f"{retry.max_delay_ms:g}: every delay is {retry.max_delay_ms:g} ms",
            "start below the cap",
            about=["retry.base_delay_ms", "retry.max_delay_ms"],
        )
