"""The same setting in two places.

Two places that agree today differ after the next change to one of them.

Example::

    export AURORA_RATE_LIMIT_RPM=60
    [rate_limit]
    rpm = 60

Instead::

    [rate_limit]
    rpm = 60
"""

from collections.abc import Iterator

from aurora_cli.check_config.names import overridden
from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Say where the other one is; a file of variables may even give one twice."""
    for setting, lower, upper, differ in overridden(subject.total):
        if not differ and upper.kind != "flag":
            yield Complaint(f"`{setting.key}` is given again, as {upper}", about=[setting.path], at=lower)
    for layer in subject.layers("env-file"):
        for origin in layer.repeated:
            yield Complaint(
                f"{origin.name} is given again in a later line, which wins", at=origin, severity="warning"
            )
