"""The whole command on logs of JSON lines, beside DuckDB that only parses the same columns."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from harness import Row

MANY = 2_000_000
FEW = 20_000
ROUNDS = 5

AURORA = [sys.executable, "-c", "from aurora_cli.app import main; main()"]
PARSE = """
import sys, duckdb
columns = {'timestamp': 'VARCHAR', 'level': 'VARCHAR', 'latency_ms': 'DOUBLE', 'query_id': 'VARCHAR'}
duckdb.read_json(sys.argv[1], format='newline_delimited', columns=columns).fetchnumpy()
"""


def write_log(path, lines):
    """Write a service's log as the guide's formatter does, 80 queries a second."""
    rng = np.random.default_rng(2)
    ends = np.cumsum(rng.exponential(1 / 80, lines))
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


def finished(command, cache):
    """Run a command; wall seconds and peak memory in bytes."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return time.perf_counter() - began, usage.ru_maxrss * 1024


def rows():
    with tempfile.TemporaryDirectory(prefix="aurora-bench-") as name:
        folder = Path(name)
        few, many = folder / "few.jsonl", folder / "many.jsonl"
        write_log(few, FEW)
        write_log(many, MANY)
        simulate = [*AURORA, "simulate", "--rpm", "6000"]
        first, _ = finished([*simulate, str(few)], folder)
        small = statistics.median(finished([*simulate, str(few)], folder)[0] for _ in range(ROUNDS))
        pairs = [
            (
                finished([*simulate, str(many)], folder),
                finished([sys.executable, "-c", PARSE, str(many)], folder),
            )
            for _ in range(ROUNDS)
        ]
    ours, parser = (statistics.median(pair[side][0] for pair in pairs) for side in (0, 1))
    ratio = statistics.median(a[0] / b[0] for a, b in pairs)
    extra = statistics.median(a[1] - b[1] for a, b in pairs) / MANY
    return [
        Row(
            f"whole command, {MANY:,} JSON lines",
            f"{ours:.2f} s",
            f"DuckDB parses {parser:.2f} s",
            f"{ratio:.2f}",
            "under 4",
            ratio < 4,
        ),
        Row(
            "its peak memory",
            f"{extra:.0f} bytes a query",
            "beyond the parser's",
            "",
            "under 100",
            extra < 100,
        ),
        Row(f"whole command, {FEW:,} JSON lines", f"{small:.2f} s", "", "", "under 1.0 s", small < 1.0),
        Row(
            "the same, compiling the kernel first", f"{first:.2f} s", "", "", "under 6 s + 1.0 s", first < 7.0
        ),
    ]
