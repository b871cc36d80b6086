"""A store with calls of just now, and a configuration whose alerts go to a server on loopback."""

import pytest
from channel_servers import hook

from aurora_cli.app import run
from aurora_core.metrics import MetricsCollector
from aurora_core.store import MetricsStore

CONFIGURATION = """\
[store]
url = "metrics.db"

[alerts]
evaluation_interval = "1s"
timeout = "2s"

[alerts.routes]
warning = ["log"]
critical = ["team", "log"]

[alerts.channels.team]
type = "webhook"
url = {{ env = "TEAM_HOOK" }}

[alerts.channels.oncall]
type = "pagerduty"
url = {{ env = "TEAM_HOOK" }}
key = "routing-key-of-the-team-1234"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of the configuration; its webhook is unreachable until a test starts one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TEAM_HOOK", "http://127.0.0.1:9/secret-token-1234567890")
    (tmp_path / "aurora.toml").write_text(CONFIGURATION.format())
    return tmp_path


@pytest.fixture
def team(folder, monkeypatch):
    """A webhook that accepts messages."""
    with hook() as server:
        monkeypatch.setenv("TEAM_HOOK", server.url)
        yield server


@pytest.fixture
def measure(folder):
    """``measure(calls, failed)``: calls of just now in the store."""

    def record(calls, failed):
        collector = MetricsCollector(store=MetricsStore(folder / "metrics.db"), source="host:1")
        for number in range(calls):
            collector.record_query(100, success=number >= failed)
        collector.close()

    return record


@pytest.fixture
def alerts(folder, capsys):
    """``alerts(..)``: exit code, standard output and standard error of ``aurora alerts ..``."""

    def call(*arguments):
        exit_code = run(["alerts", *arguments])
        streams = capsys.readouterr()
        assert "secret-token" not in streams.out + streams.err
        assert "routing-key" not in streams.out + streams.err
        return exit_code, streams.out, streams.err

    return call
