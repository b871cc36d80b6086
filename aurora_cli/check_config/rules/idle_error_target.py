"""An error-rate target that can never be the first to fail.

By requests, availability is 1 - error rate: where it must be 99.9 %, an error rate of 1 % is long a
breach before the error-rate target of 1 % is.

Example::

    [sla]
    availability = 0.999
    error_rate = 0.01

Instead::

    [sla]
    availability = 0.999
    error_rate = 0.001
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject

_ROUNDING = 1e-12


def check(subject: Subject) -> Iterator[Complaint]:
    """Compare the two, where both count requests."""
    sla = subject.settings.sla
    budget = 1 - sla.availability
    if sla.availability_by == "requests" and sla.error_rate > budget + _ROUNDING:
        yield Complaint(
            f"`sla.error_rate` = {sla.error_rate:g} is idle: by requests, `sla.availability` = "
            f"{sla.availability:g} fails first, at an error rate of {budget:.4g}",
            'count minutes with `sla.availability_by = "minutes"`, or lower the target',
            about=["sla.error_rate", "sla.availability", "sla.availability_by"],
        )
