"""The beginning of a file: what kind it is, its columns, and the first values."""

import csv
import itertools
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

import duckdb

from aurora_cli.simulate.reader import duckdb_utils, sources
from aurora_cli.simulate.reader.errors import DamagedLog, NotRecognised
from aurora_cli.simulate.reader.sources import Source

Container = Literal["CSV", "JSON lines", "Parquet", "empty"]

_BYTES: Final = 1 << 18
_ROWS: Final = 500
_SNIFFED_LINES: Final = 20
_DELIMITERS: Final = ",;\t|"
_PARQUET_MAGIC: Final = "PAR1"
_DECODER: Final = json.JSONDecoder(parse_int=str, parse_float=str)


@dataclass(frozen=True)
class Head:
    """How a file begins.

    ``rows`` are the first ones, a text (or None) for each of ``columns``. ``skipped`` lines of a CSV file
    stand before its header.
    """

    container: Container
    columns: tuple[str, ...] = ()
    rows: Sequence[Sequence[str | None]] = ()
    delimiter: str = ","
    skipped: int = 0

    def values(self, column: str) -> list[str]:
        """What the first rows have in a column."""
        if column not in self.columns:
            return []
        place = self.columns.index(column)
        return [value for row in self.rows if place < len(row) and (value := row[place])]


def sniff_file(connection: duckdb_utils.Connection, source: Source) -> Head:
    """Recognise the file by its content; DamagedLog or NotRecognised where it is no log."""
    lines = _first_lines(connection, source)
    if lines and lines[0].startswith(_PARQUET_MAGIC):
        return _parquet(connection, source)
    telling = list(itertools.islice((line for line in lines if line.strip()), _SNIFFED_LINES))
    if not telling:
        return Head("empty")
    if "\0" in telling[0] or "�" in telling[0]:
        raise DamagedLog(f"`{source.name}` is neither CSV, JSON lines nor Parquet: it begins with no text")
    if telling[0].lstrip().startswith("["):
        raise NotRecognised(
            f"`{source.name}` is one JSON array: write one object a line, as with `jq -c '.[]'`"
        )
    objects = [line.lstrip().startswith("{") for line in telling]
    if objects[0] or 2 * sum(objects) >= len(telling):
        return _json(source, lines)
    return _csv(lines)


def _first_lines(connection: duckdb_utils.Connection, source: Source) -> list[str]:
    if source.compression == "zstd":
        try:
            return list(itertools.islice(duckdb_utils.lines(connection, source), _ROWS))
        except duckdb.Error as error:
            raise duckdb_utils.damaged(source, error) from None
    with sources.opened(source) as file:
        try:
            start = file.read(_BYTES)
        except sources.UNREADABLE as error:
            raise DamagedLog(f"`{source.name}` is cut short or corrupt: {error}; copy it again") from None
    whole_lines = start[: start.rfind(b"\n") + 1] if len(start) == _BYTES else start
    return (whole_lines or start).decode("utf-8", errors="replace").split("\n")[: _ROWS + 1]


def _json(source: Source, lines: Sequence[str]) -> Head:
    read = [row for line in lines if (row := _object(line)) is not None]
    if not read:
        raise NotRecognised(f"`{source.name}` is no JSON lines: one whole object a line is needed")
    columns = tuple(dict.fromkeys(itertools.chain.from_iterable(read)))
    rows = [[_as_text(row.get(column)) for column in columns] for row in read]
    return Head("JSON lines", columns, rows)


def _object(line: str) -> dict[str, Any] | None:
    try:
        row = _DECODER.decode(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _as_text(value: Any) -> str | None:
    return None if value is None else str(value)


def _csv(lines: Sequence[str]) -> Head:
    skipped = next(place for place, line in enumerate(lines) if line.strip())
    header = lines[skipped].removesuffix("\r")
    delimiter = max(_DELIMITERS, key=header.count)
    first, *rows = _rows_before_an_error(lines[skipped:], delimiter) or [header.split(delimiter)]
    columns: list[str] = []
    for place, column in enumerate(first, 1):
        columns.append(column if column and column not in columns else f"{column or 'column'}_{place}")
    return Head("CSV", tuple(columns), rows, delimiter, skipped)


def _rows_before_an_error(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    with suppress(csv.Error):  # a field that is longer than Python's `csv` takes
        rows.extend(csv.reader((line.removesuffix("\r") for line in lines), delimiter=delimiter))
    return rows


def _parquet(connection: duckdb_utils.Connection, source: Source) -> Head:
    if source.compression != "none":
        raise NotRecognised(f"`{source.name}` is a compressed Parquet file: decompress it first")
    table = f"read_parquet({duckdb_utils.file(source)})"
    try:
        found = connection.execute(f"SELECT columns(*)::VARCHAR FROM {table} LIMIT {_ROWS}")  # noqa: S608 - quoted
        columns = tuple(column[0] for column in found.description or ())
        return Head("Parquet", columns, found.fetchall())
    except duckdb.Error as error:
        raise duckdb_utils.damaged(source, error) from None
