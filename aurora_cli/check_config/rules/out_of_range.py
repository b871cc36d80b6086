"""A value outside of what the setting can be.

Example::

    [retry]
    jitter = "ful"
    max_retries = -1

Instead::

    [retry]
    jitter = "full"
    max_retries = 3
"""

from collections.abc import Iterator

from aurora_cli.check_config.names import unit_of
from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Say what it can be; a share above 1 was probably meant as percent."""
    for problem in subject.total.problems:
        if problem.kind == "range" and problem.hidden_by is None:
            is_share = unit_of(problem.path) == "share"
            help_ = 'a share is from 0 to 1: write 0.999 or "99.9%"' if is_share else ""
            yield Complaint(problem.message, help_, at=problem.origin)
