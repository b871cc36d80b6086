"""A table lacks a key that it cannot do without.

Example::

    [[rate_limit.tiers]]
    provider = "openai"
    model = "gpt-3.5*"

Instead::

    [[rate_limit.tiers]]
    provider = "openai"
    model = "gpt-3.5*"
    rpm = 3500
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Point at the table."""
    for problem in subject.total.problems:
        if problem.kind == "missing" and problem.hidden_by is None:
            yield Complaint(problem.message, f"add `{problem.path[-1]} = ..`", at=problem.origin)
