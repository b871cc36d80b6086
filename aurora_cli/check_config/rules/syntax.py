"""The file is no valid TOML.

Nothing in a file counts that cannot be read whole, so only this is said of it, and of the other sources what
stands by itself.

Example::

    [rate_limit]
    rpm 60

Instead::

    [rate_limit]
    rpm = 60
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.config.origin import Origin
from aurora_core.config.toml_index import Entry, Span


def check(subject: Subject) -> Iterator[Complaint]:
    """Point at the first thing that cannot be read."""
    for file, _, problem in subject.unreadable:
        span = Span(problem.line, problem.column, problem.line, problem.column + 1)
        yield Complaint(problem.message, at=Origin("file", file, "", Entry(span, span)))
