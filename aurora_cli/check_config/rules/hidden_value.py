"""A value that another layer overrides.

That is what layers are for; it is worth knowing all the same that a change in the file will change nothing.

Example::

    export AURORA_RATE_LIMIT_RPM=60
    [rate_limit]
    rpm = 30

Instead::

    [rate_limit]
    rpm = 60
"""

from collections.abc import Iterator

from aurora_cli.check_config.names import overridden
from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Say which layer wins."""
    for setting, lower, upper, differ in overridden(subject.total):
        if differ and upper.kind != "flag":
            yield Complaint(f"`{setting.key}` is overridden by {upper}", about=[setting.path], at=lower)
