"""A variable without a value, which counts as not given.

Example::

    export AURORA_RATE_LIMIT_RPM=

Instead::

    export AURORA_RATE_LIMIT_RPM=60
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Name it."""
    for layer in subject.layers("env-file", "environment"):
        for origin in layer.empty:
            yield Complaint(f"{origin.name} is empty, and counts as not given", at=origin)
