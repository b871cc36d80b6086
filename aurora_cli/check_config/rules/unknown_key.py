"""A key or a table that no setting has.

A misspelt key changes nothing, and the default that holds in its place is found out in production.

Example::

    [rate_limit]
    max_wiat = 60

Instead::

    [rate_limit]
    max_wait = 60
"""

from collections.abc import Iterator

from aurora_cli.check_config.names import meant
from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.config.problems import dotted
from aurora_core.config.renamed import RENAMED
from aurora_core.config.toml_index import Path


def check(subject: Subject) -> Iterator[Complaint]:
    """Name what was probably meant."""
    for problem in subject.total.problems:
        if problem.kind == "unknown":
            yield Complaint(problem.message, _help(problem.path), at=problem.origin, on="key")


def _help(path: Path) -> str:
    if dotted(path) in RENAMED:
        return "use the new name"
    name = meant(path)
    return f"did you mean `{name}`?" if name else "take it out; `aurora check-config --schema` has all keys"
