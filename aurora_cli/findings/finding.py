"""The finding: the message of a rule or a check, and its location."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Severity = Literal["error", "warning", "note"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
"""From the worst down."""


class Snippet(NamedTuple):
    """A line of a file, in the parts before, under and after the mark; without any secret."""

    before: str
    marked: str
    after: str


@dataclass(frozen=True)
class Location:
    """A region of a file, or a variable.

    ``source`` is a file's path or a variable's name; line and columns count from 1 in characters and are 0
    outside a file. ``end_column`` is the first after the mark.
    """

    source: str
    line: int = 0
    column: int = 0
    end_column: int = 0
    snippet: Snippet | None = None

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


@dataclass(frozen=True)
class Finding:
    """One problem or remark. ``location`` is None if it belongs to no file and no variable."""

    code: str
    severity: Severity
    message: str
    help: str = ""
    location: Location | None = None


def reaches(severity: Severity, fail_on: Severity) -> bool:
    """Whether a severity is at or above another."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(fail_on)
