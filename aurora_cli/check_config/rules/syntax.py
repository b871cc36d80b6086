"""The file is not valid TOML.

No value of such a file is used. Other rules check only those parts of the other sources that do not depend
on it.

Example::

    [rate_limit]
    rpm 60

Instead::

    [rate_limit]
    rpm = 60
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.config.origin import Origin
from aurora_core.config.toml_index import Span, TomlEntry


def check(context: LintContext) -> Iterator[Violation]:
    """Report the first syntax error."""
    for file, _, problem in context.unreadable:
        span = Span(problem.line, problem.column, problem.line, problem.column + 1)
        yield Violation(problem.message, at=Origin("file", file, "", TomlEntry(span, span)))
