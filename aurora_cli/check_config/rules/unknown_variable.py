"""An environment variable that matches no setting.

A misspelt variable changes nothing: the service starts with the default, and nobody is told.

Example::

    export AURORA_RATE_LIMIT_RMP=60

Instead::

    export AURORA_RATE_LIMIT_RPM=60
"""

from collections.abc import Iterator

from aurora_cli.check_config.names import VARIABLE_NAMES
from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.config.nearest import nearest


def check(subject: Subject) -> Iterator[Complaint]:
    """Name the variable that was probably meant."""
    for layer in subject.layers("env-file", "environment"):
        for origin in layer.unknown:
            name = nearest(origin.name, VARIABLE_NAMES)
            yield Complaint(
                f"environment variable {origin.name} matches no setting",
                f"did you mean {name}?" if name else "`aurora check-config --show-effective` names them all",
                at=origin if layer.file else None,
            )
