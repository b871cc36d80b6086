"""DuckDB as it is used here: one connection in memory, and the SQL that names a file or a column."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from aurora_cli.simulate.reader.errors import DamagedLog
from aurora_cli.simulate.reader.sources import Source

Connection = duckdb.DuckDBPyConnection

LONGEST_LINE: Final = 1 << 24
"""What DuckDB reads of a JSON line; for CSV it has to be told."""

_REASON_LENGTH: Final = 160


def connect(spill: Path) -> Connection:
    """Open a database in memory that fetches nothing from outside and spills into the folder ``spill``."""
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": str(spill),
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Control-C be one: DuckDB makes a RuntimeError of it while a query runs."""
    try:
        yield
    except RuntimeError as error:
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from None
        raise


def damaged(source: Source, error: duckdb.Error) -> DamagedLog:
    """Say what DuckDB met in a file, in one line."""
    first = str(error).partition("\n")[0].partition(": ")[2].replace(source.path, source.name)
    return DamagedLog(f"`{source.name}` cannot be read: {first[:_REASON_LENGTH]}")


def text(value: str) -> str:
    """An SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def name(column: str) -> str:
    """An SQL identifier."""
    return '"' + column.replace('"', '""') + '"'


def file(source: Source) -> str:
    """The path as a literal in which nothing is a pattern."""
    return text("".join(f"[{character}]" if character in "*?[" else character for character in source.path))


def all_text(columns: Sequence[str]) -> str:
    """The ``columns`` argument of a reader: each as text."""
    return "{" + ", ".join(f"{text(column)}: 'VARCHAR'" for column in columns) + "}"


def lines_sql(source: Source) -> str:
    """A table function of the physical lines of a file, one column ``line``; an empty one is NULL."""
    return (
        f"read_csv({file(source)}, auto_detect=false, header=false, delim='\x01', quote='', escape='', "
        f"columns={{'line': 'VARCHAR'}}, ignore_errors=true, strict_mode=false, "
        f"max_line_size={LONGEST_LINE}, compression='{source.compression}')"
    )


def lines(connection: Connection, source: Source) -> Iterator[str]:
    """The physical lines of a compressed file, without their ends."""
    cursor = connection.cursor().execute(f"SELECT coalesce(line, '') FROM {lines_sql(source)}")  # noqa: S608 - quoted
    while rows := cursor.fetchmany(1024):
        for (line,) in rows:
            yield line
