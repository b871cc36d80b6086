"""An error-rate target that has no effect beside the availability target.

By requests, availability is 1 - error rate: with a target of 99.9 %, an error rate of 0.1 % is already a
breach, long before an error-rate target of 1 %.

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

from aurora_cli.check_config.context import LintContext, Violation

_ROUNDING = 1e-12


def check(context: LintContext) -> Iterator[Violation]:
    """Compare the two targets, if both count requests."""
    sla = context.settings.sla
    budget = 1 - sla.availability
    if sla.availability_by == "requests" and sla.error_rate > budget + _ROUNDING:
        yield Violation(
            f"`sla.error_rate` = {sla.error_rate:g} has no effect: `sla.availability` = "
            f"{sla.availability:g} already fails at an error rate of {budget:.4g}",
            'count minutes with `sla.availability_by = "minutes"`, or lower the target',
            about=["sla.error_rate", "sla.availability", "sla.availability_by"],
        )
