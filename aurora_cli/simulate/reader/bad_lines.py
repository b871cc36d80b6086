"""Where the bad lines stand: the slow pass, made only where there are any."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from aurora_cli.simulate.reader import duckdb_utils, sources, table
from aurora_cli.simulate.reader.report import BadLine
from aurora_cli.simulate.reader.table import FilePart

EXAMPLES: Final = 3
_EXCERPT: Final = 80

_VERDICTS: Final = {
    table.UNREADABLE: "nothing to read: torn, not valid, or without any of the columns",
    table.NO_TIME: "no time",
    table.UNKNOWN_TIME: "a value that is no time",
    table.NO_LATENCY: "no latency",
    table.UNKNOWN_LATENCY: "a latency that is no number",
    table.NEGATIVE_LATENCY: "a negative latency",
    table.UNKNOWN_TOKENS: "no number of tokens",
}
_REJECTS: Final = {
    "MISSING COLUMNS": "a column is missing",
    "TOO MANY COLUMNS": "more columns than the header",
    "UNQUOTED VALUE": "a quote that is not closed",
    "INVALID ENCODING": "not UTF-8",
    "LINE SIZE OVER MAXIMUM": "a line too long",
}
_EMPTY: Final = "an empty line"
_SWALLOWED: Final = "inside a quote that is not closed"


@dataclass
class BadLines:
    """How many lines are bad for which reason, and the first of them."""

    reasons: Counter[str] = field(default_factory=Counter)
    examples: list[BadLine] = field(default_factory=list)

    def show(self, file: str, line: int, reason: str, text: str) -> None:
        """Keep a line as an example, if there is room."""
        if len(self.examples) < EXAMPLES:
            self.examples.append(BadLine(file, line, reason, _excerpt(text)))


class _Place(NamedTuple):
    """A line of a file: a row of the table, or ``row`` is None and the line bad for ``reason``."""

    line: int
    text: str
    row: int | None
    reason: str = ""


def find(connection: duckdb_utils.Connection, portions: Iterable[FilePart]) -> BadLines:
    """Count and show the bad lines of all files."""
    bad = BadLines()
    counts = f"SELECT verdict, count(*) FROM log WHERE verdict > {table.OTHER_LINE} GROUP BY verdict"  # noqa: S608 - a constant
    for verdict, count in connection.execute(counts).fetchall():
        bad.reasons[_VERDICTS[verdict]] += count
    for portion in portions:
        bad.reasons.update(_reject_reason(error) for error in portion.reasons)
        _search(connection, portion, bad)
    return bad


def _search(connection: duckdb_utils.Connection, portion: FilePart, bad: BadLines) -> None:
    flawed = _flawed_rows(connection, portion)
    read = portion.rows + len(portion.rejected)
    header = portion.head.skipped + 1 if portion.head.container == "CSV" else 0
    unexplained = portion.lines > read + header
    wanted = min(EXAMPLES, len(bad.examples) + len(flawed) + len(portion.rejected))
    if not unexplained and len(bad.examples) >= wanted:
        return
    for place in _places(connection, portion):
        if place.row is None:
            bad.show(portion.source.name, place.line, place.reason, place.text)
            if place.reason in {_EMPTY, _SWALLOWED}:
                bad.reasons[place.reason] += 1
        elif place.row in flawed:
            bad.show(portion.source.name, place.line, _VERDICTS[flawed[place.row]], place.text)
        if not unexplained and len(bad.examples) >= wanted:
            return


def _flawed_rows(connection: duckdb_utils.Connection, portion: FilePart) -> dict[int, int]:
    """The verdicts of the first flawed rows of a file, its first row being 0."""
    first, end = portion.first_row, portion.first_row + portion.rows
    found = connection.execute(
        f"SELECT rowid - {first}, verdict FROM log WHERE rowid >= {first} AND rowid < {end} "  # noqa: S608 - numbers
        f"AND verdict > {table.OTHER_LINE} ORDER BY rowid LIMIT {EXAMPLES}"
    )
    return dict(found.fetchall())


def _places(connection: duckdb_utils.Connection, portion: FilePart) -> Iterator[_Place]:
    if portion.head.container == "Parquet":
        return (_Place(row + 1, "", row) for row in range(portion.rows))
    lines = _lines(connection, portion)
    places = _csv_places(portion, lines) if portion.head.container == "CSV" else _json_places(lines)
    return _without_last_empty(places)


def _lines(connection: duckdb_utils.Connection, portion: FilePart) -> Iterator[str]:
    if portion.source.compression == "zstd":
        yield from duckdb_utils.lines(connection, portion.source)
        return
    with sources.opened(portion.source) as file:
        for line in file:
            yield line.decode("utf-8", errors="replace").rstrip("\r\n")


def _json_places(lines: Iterator[str]) -> Iterator[_Place]:
    row = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            yield _Place(number, line, None, _EMPTY)
            continue
        yield _Place(number, line, row)
        row += 1


def _csv_places(portion: FilePart, lines: Iterator[str]) -> Iterator[_Place]:
    """Walk the items as DuckDB counts them: a quoted value may hold line ends, an empty line is an item."""
    rejected = dict(zip(portion.rejected.tolist(), portion.reasons, strict=True))
    delimiter = portion.head.delimiter
    csv.field_size_limit(2 * duckdb_utils.LONGEST_LINE)
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    row, start = 0, 1
    for item, record in enumerate(_until_unreadable(reader), 1):
        first, start = start, reader.line_num + 1
        text = delimiter.join(record)
        if item in rejected:
            yield _Place(first, text, None, _reject_reason(rejected[item]))
            yield from (_Place(line, "", None, _SWALLOWED) for line in range(first + 1, start))
        elif item > portion.head.skipped + 1:
            if record:
                yield _Place(first, text, row)
                row += 1
            else:
                yield _Place(first, text, None, _EMPTY)


def _until_unreadable(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:  # a value longer still: what follows is counted, and has no example
        return


def _without_last_empty(places: Iterator[_Place]) -> Iterator[_Place]:
    empty: list[_Place] = []
    for place in places:
        if place.reason == _EMPTY:
            empty.append(place)
            continue
        yield from empty
        empty.clear()
        yield place


def _reject_reason(error: str) -> str:
    return _REJECTS.get(error, error.lower())


def _excerpt(text: str) -> str:
    shown = "".join(character if character.isprintable() else "�" for character in text[:_EXCERPT])
    return f"{shown}..." if len(text) > _EXCERPT else shown
