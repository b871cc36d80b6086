"""A bad value that a better one hides.

It does no harm until somebody takes the better one away.

Example::

    export AURORA_RATE_LIMIT_RPM=60
    [rate_limit]
    rpm = "x"

Instead::

    [rate_limit]
    rpm = 60
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.config.origin import Origin
from aurora_core.config.problems import Problem, dotted


def check(subject: Subject) -> Iterator[Complaint]:
    """Tell the value, and what hides it."""
    for problem in subject.total.problems:
        if problem.hidden_by is not None and problem.kind != "unknown":
            yield Complaint(_told(subject, problem, problem.hidden_by))


def _told(subject: Subject, problem: Problem, above: Origin) -> str:
    given = f"`{dotted(problem.path)}`"
    if problem.shown and problem.origin.kind in {"file", "flag"}:
        given = f"`{dotted(problem.path)} = {problem.shown}`"
    value = subject.environ.get(above.name, "") if above.kind == "environment" else ""
    return f"{problem.origin} {given} is invalid but hidden by {above}{f'={value}' if value else ''}"
