"""All lines of all files in one table of DuckDB: typed, compact, in the order of the files.

One read of each file. Text stays out of it but for statuses and errors; keys and ids are 64-bit hashes, which
meet by chance once in ten million logs of two million queries.
"""

from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np
from numpy.typing import NDArray

from aurora_cli.simulate.reader import duckdb_utils, sources
from aurora_cli.simulate.reader.formats import Layout
from aurora_cli.simulate.reader.sniff import Head
from aurora_cli.simulate.reader.sources import Source
from aurora_cli.simulate.reader.timestamps import TimestampFormat, nanoseconds_sql

QUERY: Final = 0
OTHER_LINE: Final = 1
UNREADABLE: Final = 2
NO_TIME: Final = 3
UNKNOWN_TIME: Final = 4
NO_LATENCY: Final = 5
UNKNOWN_LATENCY: Final = 6
NEGATIVE_LATENCY: Final = 7
UNKNOWN_TOKENS: Final = 8

_CREATE: Final = (
    "CREATE TABLE log (t BIGINT, latency_s DOUBLE, status VARCHAR, error VARCHAR, tokens DOUBLE, "
    "model VARCHAR, key UBIGINT, id UBIGINT, verdict TINYINT)"
)
_NEWLINE: Final = 10
_FARTHEST_NS: Final = 4 * 10**18  # the year 2096; differences of such times still fit 64 bits
_LONGEST_S: Final = 10**9
_MOST_TOKENS: Final = 10**9
_NO_HASH: Final = 0


@dataclass(frozen=True, eq=False)
class FilePart:
    """What one file gave.

    ``rows`` of the table from ``first_row`` on, and the lines (items of a CSV file, its header being the
    first) that DuckDB ``rejected``, with its ``reasons``. ``lines`` are physical ones; -1: not counted.
    """

    source: Source
    head: Head
    first_row: int
    rows: int
    rejected: NDArray[np.int64]
    reasons: NDArray[np.object_]
    lines: int


def create(connection: duckdb_utils.Connection) -> None:
    """Make the table, empty."""
    connection.execute(_CREATE)


def append(
    connection: duckdb_utils.Connection,
    source: Source,
    head: Head,
    layout: Layout,
    time: TimestampFormat,
    *,
    needs_tokens: bool,
) -> FilePart:
    """Read a file into the table; DamagedLog where DuckDB cannot."""
    first_row = row_count(connection)
    try:
        _insert(connection, source, head, layout, time, needs_tokens=needs_tokens)
    except duckdb.Error as error:
        raise duckdb_utils.damaged(source, error) from None
    lines = _count_lines(connection, source) if head.container != "Parquet" else -1
    rejected, reasons = _rejects(connection) if head.container == "CSV" else _NOTHING
    rows = row_count(connection) - first_row
    return FilePart(source, head, first_row, rows, rejected, reasons, lines)


def _insert(
    connection: duckdb_utils.Connection,
    source: Source,
    head: Head,
    layout: Layout,
    time: TimestampFormat,
    *,
    needs_tokens: bool,
) -> None:
    insert = _insert_sql(source, head, layout, time, needs_tokens=needs_tokens)
    try:
        connection.execute(insert)
    except duckdb.InvalidInputException as error:
        # Strictly read, a CSV file ends its lines in one way only; loosely, it may be two logs in one.
        if "state machine" not in str(error):
            raise
        connection.execute(insert.replace("strict_mode=true", "strict_mode=false"))


def row_count(connection: duckdb_utils.Connection) -> int:
    """How many rows the table has."""
    row = connection.execute("SELECT count(*) FROM log").fetchone()
    return int(row[0]) if row else 0


def count(connection: duckdb_utils.Connection, verdict: int) -> int:
    """How many rows have a verdict."""
    row = connection.execute(f"SELECT count(*) FROM log WHERE verdict = {verdict}").fetchone()  # noqa: S608 - a constant
    return int(row[0]) if row else 0


def reader_sql(source: Source, head: Head, columns: list[str]) -> str:
    """A table function of a file; of JSON lines only the columns that are asked for are parsed."""
    path, compression = duckdb_utils.file(source), f"compression='{source.compression}'"
    if head.container == "Parquet":
        return f"read_parquet({path})"
    if head.container == "JSON lines":
        return (
            f"read_json({path}, format='newline_delimited', {compression}, ignore_errors=true, "
            f"columns={duckdb_utils.all_text(columns)})"
        )
    return (
        f"read_csv({path}, auto_detect=false, header=true, skip={head.skipped}, {compression}, "
        f"delim={duckdb_utils.text(head.delimiter)}, quote='\"', escape='\"', "
        f"store_rejects=true, rejects_limit=0, "
        f"strict_mode=true, max_line_size={duckdb_utils.LONGEST_LINE}, "
        f"columns={duckdb_utils.all_text(head.columns)})"
    )


def _insert_sql(
    source: Source, head: Head, layout: Layout, time: TimestampFormat, *, needs_tokens: bool
) -> str:
    raw = {
        "raw_time": layout.time,
        "raw_latency": layout.latency,
        "raw_status": layout.status,
        "raw_error": layout.error,
        "raw_tokens": layout.tokens,
        "raw_model": layout.model,
        "raw_key": layout.key,
        "raw_id": layout.id,
    }
    renamed = ", ".join(
        f"{duckdb_utils.name(column) if column else 'NULL'} AS {role}" for role, column in raw.items()
    )
    return f"""
        INSERT INTO log
        SELECT {nanoseconds_sql("raw_time", time)} AS t,
            try_cast(raw_latency AS DOUBLE) / {1000 if layout.latency_ms else 1} AS latency_s,
            raw_status::VARCHAR, raw_error::VARCHAR, try_cast(raw_tokens AS DOUBLE) AS tokens,
            raw_model::VARCHAR,
            {_hash_sql("raw_key", layout.key)}, {_hash_sql("raw_id", layout.id)},
            {_verdict_sql([role for role in raw if raw[role]], layout, needs_tokens=needs_tokens)}
        FROM (SELECT {renamed} FROM {reader_sql(source, head, layout.columns)})
    """  # noqa: S608 - every name and text is quoted


def _hash_sql(raw: str, column: str | None) -> str:
    if column is None:
        return str(_NO_HASH)
    return f"CASE WHEN {raw} IS NULL OR {raw}::VARCHAR = '' THEN {_NO_HASH} ELSE hash({raw}::VARCHAR) END"


def _verdict_sql(present: list[str], layout: Layout, *, needs_tokens: bool) -> str:
    cases = [f"WHEN {' AND '.join(f'{column} IS NULL' for column in present)} THEN {UNREADABLE}"]
    if layout.has_other_lines:
        cases.append(f"WHEN raw_latency IS NULL THEN {OTHER_LINE}")
    cases += [
        f"WHEN raw_time IS NULL THEN {NO_TIME}",
        f"WHEN t IS NULL OR abs(t) > {_FARTHEST_NS} THEN {UNKNOWN_TIME}",
    ]
    if layout.latency:
        cases += [
            f"WHEN raw_latency IS NULL THEN {NO_LATENCY}",
            f"WHEN latency_s IS NULL OR isnan(latency_s) OR latency_s > {_LONGEST_S} THEN {UNKNOWN_LATENCY}",
            f"WHEN latency_s < 0 THEN {NEGATIVE_LATENCY}",
        ]
    if needs_tokens:
        unknown = f"tokens IS NULL OR isnan(tokens) OR tokens < 0 OR tokens > {_MOST_TOKENS}"
        cases.append(f"WHEN {unknown} THEN {UNKNOWN_TOKENS}")
    return f"CASE {' '.join(cases)} ELSE {QUERY} END"


_NOTHING: Final = (np.empty(0, np.int64), np.empty(0, np.object_))


def _rejects(connection: duckdb_utils.Connection) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    found = connection.execute(
        "SELECT line::BIGINT AS line, min(error_type)::VARCHAR AS reason FROM reject_errors "
        "GROUP BY line ORDER BY line"
    ).fetchnumpy()
    connection.execute("DROP TABLE reject_errors")
    connection.execute("DROP TABLE reject_scans")
    return np.asarray(found["line"]), np.asarray(found["reason"])


def _count_lines(connection: duckdb_utils.Connection, source: Source) -> int:
    """Count lines, since DuckDB passes over empty ones without a word."""
    if source.compression != "none":
        counted = f"SELECT count(*) FROM {duckdb_utils.lines_sql(source)}"  # noqa: S608 - quoted
        try:
            row = connection.execute(counted).fetchone()
        except duckdb.Error:
            return -1
        return int(row[0]) if row else -1
    count, last, buffer = 0, _NEWLINE, bytearray(1 << 18)
    letters = np.frombuffer(buffer, np.uint8)
    with sources.opened(source) as file:
        while size := file.readinto(buffer):  # type: ignore[attr-defined]  # a binary file has it
            count += int(np.count_nonzero(letters[:size] == _NEWLINE))
            last = buffer[size - 1]
    return count if last == _NEWLINE else count + 1
