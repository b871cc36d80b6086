"""Slices as rows of the file."""

import json
import math
import sqlite3
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from aurora_core.metrics.counters import COUNTER_NAMES
from aurora_core.metrics.rollup_row import RollupRow, parse_counts, sum_by, to_row
from aurora_core.time_units import MINUTE_S

COLUMNS: Final = (*RollupRow._fields[:-1], *COUNTER_NAMES)
"""A row's columns; the counters stand last, in a slice too."""
_INSERT: Final = (
    f"INSERT OR REPLACE INTO rollups ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - our own columns
)
_EMPTY: Final = {"smallest_ms": "9e999", "largest_ms": "-9e999", "histogram": "x''"}
"""What NULL stands for in a column: of nothing, the smallest is infinite."""
_READ: Final = ", ".join(f"coalesce({name}, {_EMPTY[name]})" if name in _EMPTY else name for name in COLUMNS)
_SELECT: Final = f"SELECT {_READ} FROM rollups"  # noqa: S608 - the same
_NO_COUNTS: Final[Mapping[str, int]] = MappingProxyType({})


def between(connection: sqlite3.Connection, start_s: int, end_s: int) -> list[RollupRow]:
    """The slices that begin in the half-open stretch, in order of time."""
    query = f"{_SELECT} WHERE start_s >= ? AND start_s < ? ORDER BY start_s, length_s"
    return _slices(connection, query, (start_s, end_s))


def take_before(connection: sqlite3.Connection, length_s: int, end_s: int) -> list[RollupRow]:
    """Take the slices of a length that begin before the moment out of the file."""
    query = f"{_SELECT} WHERE length_s = ? AND start_s < ? ORDER BY start_s, length_s"
    found = _slices(connection, query, (length_s, end_s))
    connection.execute("DELETE FROM rollups WHERE length_s = ? AND start_s < ?", (length_s, end_s))
    return found


def add(connection: sqlite3.Connection, piece: RollupRow) -> None:
    """Insert the slice, or put the sum of it and what is there in its place."""
    source, model = _id(connection, piece.source), _id(connection, piece.model)
    key = (piece.start_s, piece.length_s, source, model)
    query = f"{_SELECT} WHERE start_s = ? AND length_s = ? AND source = ? AND model = ?"
    there = _slices(connection, query, key)
    whole = together([*there, piece], piece.start_s, piece.length_s) if there else piece
    *values, counts = whole._replace(source=source, model=model)  # type: ignore[arg-type] # their numbers, in the file
    written = zip(COLUMNS, (*values, *counts), strict=True)
    connection.execute(_INSERT, [_written(name, value) for name, value in written])


def together(pieces: Sequence[RollupRow], start_s: int, length_s: int) -> RollupRow:
    """The sum of slices of one source and model, as one slice; a minute is measured once."""
    total = sum_by(pieces, lambda _: None)[None]
    measured = min(sum(piece.measured_minutes for piece in pieces), length_s // MINUTE_S)
    return to_row(start_s, length_s, pieces[0].source, pieces[0].model, measured, total)


def _id(connection: sqlite3.Connection, name: str) -> int:
    found = connection.execute("SELECT id FROM names WHERE name = ?", (name,)).fetchone()
    if found is None:
        return int(connection.execute("INSERT INTO names (name) VALUES (?)", (name,)).lastrowid or 0)
    return int(found[0])


def _written(name: str, value: Any) -> Any:
    """What is empty is NULL: counts by name, the histogram, the smallest and largest of nothing."""
    if name in {"failures", "errors"}:
        return json.dumps(value, sort_keys=True) if value else None
    if name == "histogram":
        return value or None
    return None if isinstance(value, float) and math.isinf(value) else value


@lru_cache(maxsize=4096)
def _counts(text: str) -> Mapping[str, int]:
    """Read once what many minutes have alike: one call that failed for the same reason."""
    return MappingProxyType(parse_counts(json.loads(text)))


def _slices(connection: sqlite3.Connection, query: str, parameters: Sequence[int]) -> list[RollupRow]:
    names = dict(connection.execute("SELECT id, name FROM names"))
    return [
        RollupRow(
            start_s,
            length_s,
            names[source],
            names[model],
            measured_minutes,
            calls,
            failed,
            latency_ms,
            smallest_ms,
            largest_ms,
            histogram,
            _counts(failures) if failures else _NO_COUNTS,
            _counts(errors) if errors else _NO_COUNTS,
            tuple(counts),
        )
        for (
            start_s,
            length_s,
            source,
            model,
            measured_minutes,
            calls,
            failed,
            latency_ms,
            smallest_ms,
            largest_ms,
            histogram,
            failures,
            errors,
            *counts,
        ) in connection.execute(query, parameters)
    ]
