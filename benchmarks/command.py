"""The whole command on logs of JSON lines, beside DuckDB that reads the same columns into a table."""

import statistics
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from harness import Row, measured

MANY = 2_000_000
SPARSE = 100_000
FEW = 20_000
ROUNDS = 5

AURORA = [sys.executable, "-c", "from aurora_cli.app import main; main()", "simulate", "--rpm", "6000"]
PARSE = """
import sys, duckdb
columns = "{'timestamp': 'VARCHAR', 'level': 'VARCHAR', 'latency_ms': 'DOUBLE', 'query_id': 'VARCHAR'}"
source = f"read_json(?, format='newline_delimited', columns={columns})"
duckdb.connect().execute(f"CREATE TABLE log AS SELECT * FROM {source}", [sys.argv[1]])
"""


def write_log(path, lines, per_second=80.0):
    """Write a service's log as the guide's formatter does."""
    rng = np.random.default_rng(2)
    ends = np.cumsum(rng.exponential(1 / per_second, lines))
    latency = rng.lognormal(5.5, 0.5, lines)
    failed = rng.uniform(size=lines) < 0.02
    start = datetime(2025, 12, 23, tzinfo=UTC)
    with path.open("w") as file:
        for number in range(lines):
            when = start + timedelta(seconds=float(ends[number]))
            file.write(
                f'{{"timestamp": "{when:%Y-%m-%d %H:%M:%S},{when.microsecond // 1000:03d}", '
                f'"level": "{"ERROR" if failed[number] else "INFO"}", "message": "query", "module": "rag", '
                f'"function": "answer", "query_id": "q{number}", "latency_ms": {latency[number]:.3f}}}\n'
            )


def rows():
    with tempfile.TemporaryDirectory(prefix="aurora-bench-") as name:
        folder = Path(name)
        few, many, day, month = (folder / f"{length}.jsonl" for length in ("few", "many", "day", "month"))
        write_log(few, FEW)
        write_log(many, MANY)
        write_log(day, SPARSE, SPARSE / 86_400)
        write_log(month, SPARSE, SPARSE / (30 * 86_400))

        def replayed(log):
            return measured([*AURORA, str(log)], XDG_CACHE_HOME=name)

        first = replayed(few)
        small = statistics.median(replayed(few).cpu_s for _ in range(ROUNDS))
        parse = [sys.executable, "-c", PARSE, str(many)]
        pairs = [(replayed(many), measured(parse)) for _ in range(ROUNDS)]
        sparse = [(replayed(month).cpu_s, replayed(day).cpu_s) for _ in range(3)]
    ours, parser = (statistics.median(pair[side].cpu_s for pair in pairs) for side in (0, 1))
    ratio = statistics.median(ours.cpu_s / parser.cpu_s for ours, parser in pairs)
    extra = statistics.median(ours.peak - parser.peak for ours, parser in pairs) / MANY
    in_a_month, in_a_day = (statistics.median(pair[side] for pair in sparse) for side in (0, 1))
    return [
        Row(
            f"whole command, {MANY:,} JSON lines",
            f"{ours:.2f} s",
            f"DuckDB reads them into a table {parser:.2f} s",
            f"{ratio:.2f}",
            "under 4",
            ratio < 4,
        ),
        Row(
            "its peak memory",
            f"{extra:.0f} bytes per query",
            "beyond the table's",
            "",
            "under 100",
            extra < 100,
        ),
        Row(
            f"whole command, {SPARSE:,} JSON lines of 30 days",
            f"{in_a_month:.2f} s",
            f"the same of one day {in_a_day:.2f} s",
            f"{in_a_month / in_a_day:.2f}",
            "",
            True,
        ),
        Row(f"whole command, {FEW:,} JSON lines", f"{small:.2f} s", "", "", "", True),
        Row("the same, compiling the kernel first", f"{first.cpu_s:.2f} s", "", "", "", True),
    ]
