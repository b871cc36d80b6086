"""Reads logs of queries with DuckDB: any of the known kinds, or any with a time that has a name.

:func:`read` is the way in. CSV, JSON lines and Parquet, the first two also compressed with gzip or
Zstandard, are recognised by their content; which column is what, by the columns' names.
"""

from aurora_cli.simulate.reader.errors import (
    BadOption,
    DamagedLog,
    LogError,
    LogNotFound,
    LogUnusable,
    NoQueries,
    NotRecognised,
    TooManyBadLines,
)
from aurora_cli.simulate.reader.options import ROLES, LatencyModel, ReadOptions, parse_latency
from aurora_cli.simulate.reader.read import read
from aurora_cli.simulate.reader.report import BadLine, Counted, LogReport
from aurora_cli.simulate.reader.timestamps import UNITS

__all__ = [
    "ROLES",
    "UNITS",
    "BadLine",
    "BadOption",
    "Counted",
    "DamagedLog",
    "LatencyModel",
    "LogError",
    "LogNotFound",
    "LogReport",
    "LogUnusable",
    "NoQueries",
    "NotRecognised",
    "ReadOptions",
    "TooManyBadLines",
    "parse_latency",
    "read",
]
