"""One row a query, for whoever wants to count again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np

from aurora_cli.exit_codes import UsageError
from aurora_cli.output import replacing
from aurora_cli.simulate.outcomes import NAMES, Replay
from aurora_cli.simulate.workload import Workload

_FORMATS = {".csv": "(FORMAT csv, HEADER)", ".parquet": "(FORMAT parquet)"}


def check_trace(path: Path) -> None:
    """Refuse a name that says no format, before the work begins."""
    if path.suffix.lower() not in _FORMATS:
        raise UsageError(f"--trace {path}: the name must end in .csv or .parquet")
    if not path.parent.is_dir():
        raise UsageError(f"--trace {path}: there is no folder {path.parent}")


@contextmanager
def _as_usage(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.IOException as error:
        raise UsageError(f"cannot write {path}: {error}") from None


def write_trace(path: Path, workload: Workload, replay: Replay) -> None:
    """Write the columns of the command-line contract, in order of arrival."""
    out = replay.outcomes
    latency = out.end - workload.arrival_s
    rows = {  # DuckDB finds it by this name in the statement below
        "query": np.arange(len(workload)),
        "arrival_s": workload.arrival_s,
        "start_s": out.start,
        "end_s": out.end,
        "attempts": out.attempts,
        "outcome": out.outcome,
        "wait_s": out.wait,
        "backoff_s": out.backoff,
        "service_s": (latency - out.wait - out.backoff).clip(min=0.0),
    }
    names = ", ".join(f"'{name}'" for name in NAMES)
    with replacing(path) as unfinished, duckdb.connect() as database, _as_usage(path):
        database.register("replayed", rows)
        database.execute(
            f"""
            COPY (
                SELECT query, arrival_s, CASE WHEN isnan(start_s) THEN NULL ELSE start_s END AS start_s,
                    end_s, attempts, [{names}][outcome + 1] AS outcome, wait_s * 1000 AS wait_ms,
                    backoff_s * 1000 AS backoff_ms, service_s * 1000 AS service_ms
                FROM replayed ORDER BY query
            ) TO '{str(unfinished).replace("'", "''")}' {_FORMATS[path.suffix.lower()]}
            """  # noqa: S608 - no value from outside but a file's name, quoted
        )
