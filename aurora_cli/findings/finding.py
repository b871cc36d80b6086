"""The finding: what a rule or a check has to say, and where."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Severity = Literal["error", "warning", "note"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
"""From the worst down."""


class Excerpt(NamedTuple):
    """A line of a file, in the parts before, under and after the mark; without any secret."""

    before: str
    marked: str
    after: str


@dataclass(frozen=True)
class Place:
    """Where. ``source`` is a file's path or a variable's name; line and columns count from 1 in characters.

    Outside a file line and columns are 0. ``end_column`` is the first after the mark.
    """

    source: str
    line: int = 0
    column: int = 0
    end_column: int = 0
    excerpt: Excerpt | None = None

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


@dataclass(frozen=True)
class Finding:
    """One thing that somebody should know. ``place`` None: it stands nowhere in particular."""

    code: str
    severity: Severity
    message: str
    help: str = ""
    place: Place | None = None
