"""What is to be said of a log that was read."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class BadLine:
    """A line that gives no query. ``line`` counts from 1; in a Parquet file it is the row."""

    file: str
    line: int
    reason: str
    excerpt: str


@dataclass(frozen=True)
class Counted:
    """How many lines have ``value``: a reason, or the content of ``column``."""

    value: str
    count: int
    column: str | None = None


@dataclass(frozen=True)
class LogReport:
    """What was read, and how it was understood.

    ``lines = queries + duplicates + other_lines + bad_lines``, where ``lines`` leaves out the header of a
    CSV file and empty lines at the end of a file. ``other_lines``: messages of a service log that are no
    queries. ``out_of_order``: queries whose time in the log is before that of the query above; replayed in
    order of arrival. ``span_s``: from the first arrival to the last. ``time`` and ``latency`` say in words
    where the two come from, ``outcome`` which columns tell a failure. The values are those of all query
    lines, duplicates included, the most frequent first; ``recorded_failures`` counts queries.
    """

    files: tuple[str, ...]
    format: str
    lines: int
    queries: int
    span_s: float
    bad_lines: int
    bad_reasons: tuple[Counted, ...]
    bad_examples: tuple[BadLine, ...]
    other_lines: int
    out_of_order: int
    duplicates: int
    time: str
    latency: str
    outcome: str
    failure_values: tuple[Counted, ...]
    success_values: tuple[Counted, ...]
    unrecognised_values: tuple[Counted, ...]
    recorded_failures: int

    @property
    def bad_share(self) -> float:
        """The share of the lines, 0 to 1, that could not be read."""
        return self.bad_lines / self.lines if self.lines else 0.0

    def to_json(self) -> dict[str, Any]:
        """Give plain lists, numbers and texts, keys sorted, for ``summary.log``."""
        plain: dict[str, Any] = _sorted({**asdict(self), "bad_share": self.bad_share})
        return plain


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in value]
    return value
