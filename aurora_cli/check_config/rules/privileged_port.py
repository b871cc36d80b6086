"""A port that only root may open.

Example::

    [metrics]
    port = 80

Instead::

    [metrics]
    port = 9090
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject

_FIRST_FREE = 1024


def check(subject: Subject) -> Iterator[Complaint]:
    """Ports below 1024 are the system's."""
    metrics = subject.settings.metrics
    if metrics.enabled and metrics.port < _FIRST_FREE:
        yield Complaint(
            f"`metrics.port` = {metrics.port} is below {_FIRST_FREE}, which only root may open",
            "choose one from 1024 on",
            about=["metrics.port", "metrics.enabled"],
        )
