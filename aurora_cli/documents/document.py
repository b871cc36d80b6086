"""The document: tables and charts, the machine's form of the same, and the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from aurora_cli.exit_codes import Verdict

Tone = Literal["plain", "good", "bad", "muted"]


class Cell(NamedTuple):
    """A piece of text, and what it means; or a ``trend``: values at equal distances (NaN: none), drawn."""

    text: str
    tone: Tone = "plain"
    trend: Sequence[float] = ()


@dataclass(frozen=True)
class Table:
    """Rows under a header, where all columns but the first hold figures; without a header they hold words."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


class Series(NamedTuple):
    """One line of a chart: values at equal distances (NaN: none), and its figure in words."""

    label: str
    values: Sequence[float]
    text: str


class Limit(NamedTuple):
    """A value that is drawn across a chart: a target, and how it is called."""

    value: float
    label: str


@dataclass(frozen=True)
class Chart:
    """Series over one axis, whose two ends are named, and the limit that they are held against."""

    title: str
    series: Sequence[Series]
    left: str
    right: str
    limit: Limit | None = None


class Day(NamedTuple):
    """A day, how it was, and a few words; ``plain`` is a day without data."""

    day: date
    tone: Tone
    text: str


@dataclass(frozen=True)
class Calendar:
    """Days in order, a week a row where there is room."""

    title: str
    days: Sequence[Day]


Part = Table | Chart | Calendar


@dataclass(frozen=True)
class Document:
    """All that a command has to say.

    ``summary`` and ``results`` are the machine's form, plain values that JSON can hold; ``parts`` the
    reader's. ``conclusion`` is the last line, which says what decided the verdict. ``config`` is the
    configuration file that was used: {path, sha256}. ``title`` and ``subtitle`` head a page.
    """

    command: str
    summary: Mapping[str, object]
    results: Sequence[Mapping[str, object]]
    parts: Sequence[Part]
    verdict: Verdict
    exit_code: int
    conclusion: str
    config: Mapping[str, str] | None = None
    title: str = ""
    subtitle: str = ""
