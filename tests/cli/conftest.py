"""A place of its own for each run of the command line."""

import pytest

from aurora_cli.app import run

GUIDE_VARIABLES = (
    "AURORA_RATE_LIMIT_RPM",
    "AURORA_RATE_LIMIT_MAX_WAIT",
    "AURORA_MAX_RETRIES",
    "AURORA_RETRY_BASE_DELAY_MS",
    "AURORA_RETRY_MAX_DELAY_MS",
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to run in, without the variables of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in GUIDE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def aurora(folder, capsys):
    """Run a command line in process; its exit code, standard output and standard error."""

    def call(*arguments):
        exit_code = run([str(argument) for argument in arguments])
        streams = capsys.readouterr()
        return exit_code, streams.out, streams.err

    return call


@pytest.fixture
def log(folder):
    """A small log with a failure in ten; its path."""
    path = folder / "queries.csv"
    rows = [
        f"{number * 0.9:.1f},{100 + number},{'error' if number % 10 == 9 else 'ok'}" for number in range(100)
    ]
    path.write_text("\n".join(["time,latency_ms,status", *rows]) + "\n")
    return path
