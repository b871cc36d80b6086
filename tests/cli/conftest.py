"""A place of its own for each run of the command line."""

import pytest

from aurora_cli.app import run


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to run in."""
    monkeypatch.chdir(tmp_path)
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
