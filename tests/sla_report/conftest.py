"""A store that real collectors wrote, and beside it every call as a row of a table of its own."""

import json
import random
import sqlite3

import pytest
from sla_report_calls import PROCESSES, live

from aurora_cli.app import run


@pytest.fixture(scope="session")
def recorded(tmp_path_factory):
    """Two days of two processes: the path of the store, and a connection with the table ``calls``."""
    path = tmp_path_factory.mktemp("recorded") / "metrics.db"
    table = sqlite3.connect(":memory:")
    table.row_factory = sqlite3.Row
    table.execute("CREATE TABLE lived (minute_s INTEGER, source TEXT)")
    table.execute(
        "CREATE TABLE calls (at_s REAL, source TEXT, model TEXT, latency_ms REAL, reason TEXT, "
        "attempts INTEGER, attempts_ms REAL, saw_retryable_error INTEGER, error_type TEXT, hit INTEGER)"
    )
    for number, (source, model) in enumerate(PROCESSES):
        live(path, table, random.Random(number), source, model)
    return path, table


@pytest.fixture
def report(recorded, capsys):
    """What ``aurora sla-report`` says of the store: exit code, standard output, standard error."""
    path, _ = recorded

    def made(*arguments, source=path):
        exit_code = run(["sla-report", "--store", f"sqlite:{source}", *map(str, arguments)])
        streams = capsys.readouterr()
        return exit_code, streams.out, streams.err

    return made


@pytest.fixture
def answer(report):
    """The same as JSON."""
    return lambda *arguments: json.loads(report("--format", "json", *arguments)[1])
