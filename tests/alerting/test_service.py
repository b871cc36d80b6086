"""Evaluation and delivery together: a dead channel does not delay the others; a service runs both."""

import sqlite3
import threading
from contextlib import closing

import pytest
from alerting_helpers import RULE
from channel_servers import SECRET, hang, hook, talker

from aurora_core.alerting.channels.base import UNSET, ChannelConfig
from aurora_core.alerting.channels.log import LogChannel
from aurora_core.alerting.channels.registry import build_channel
from aurora_core.alerting.factory import build_alert_service
from aurora_core.alerting.service import AlertService
from aurora_core.alerting.state import RuleConfig
from aurora_core.config import Settings
from aurora_core.errors import ConfigurationError, StoreError
from aurora_core.secrets import Secret
from aurora_core.service import Service
from aurora_core.store.metrics import ChannelStats


def webhook(url, timeout_s=5.0):
    return build_channel("webhook", ChannelConfig(Secret(url), UNSET, timeout_s, "host"))


@pytest.fixture
def build_service(store, build_evaluator, build_worker, clock):
    def build(**channels):
        workers = [build_worker(channel, name) for name, channel in channels.items()]
        evaluator = build_evaluator(RuleConfig(RULE), channels=tuple(channels))
        return AlertService(store, evaluator, workers, clock, interval_s=30.0, give_up_s=86_400.0)

    return build


def test_dead_channel_does_not_delay_the_others(store, build_service, measure):
    measure(True)
    with hook() as team, talker(hang) as port:
        service = build_service(dead=webhook(f"http://127.0.0.1:{port}", 0.2), team=webhook(team.url))
        assert service.run_once().delivered == {"dead": 0, "team": 1}
        assert [body["rule"] for body in team.bodies()] == [RULE.name]
    assert store.channel_stats() == [
        ChannelStats("dead", 0, 1, 0, "the server closed the connection or did not answer in time"),
        ChannelStats("team", 1, 0, 0, None),
    ]


def test_hanging_channel_does_not_block_the_threads_of_the_others(build_service, measure):
    measure(True)
    hanging = threading.Event()

    def hang_and_say_so(line, over):
        hanging.set()
        hang(line, over)

    with hook() as team, talker(hang_and_say_so) as port:
        running = build_service(dead=webhook(f"http://127.0.0.1:{port}", 1.0), team=webhook(team.url))
        running.start()
        _, body = team.posted.get(timeout=30)
        assert hanging.wait(30)
        running.stop()
    assert body["event"] == "fire"
    assert not [
        thread
        for thread in threading.enumerate()
        if thread.name.startswith(("aurora-notify", "aurora-alert-evaluator"))
    ]


def test_failing_store_is_logged_once_and_retried(build_service, measure, monkeypatch, caplog):
    measure(True)
    running = build_service(log=LogChannel())
    failures, over = iter(range(10**6)), threading.Event()

    def fails(now_s):
        if next(failures) == 3:
            over.set()
        raise StoreError("metrics.db: the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(running._evaluator, "evaluate", fails)
        running._interval_s = 0.001
        running.start()
        assert over.wait(30)
        running.stop()
    logged = [record.getMessage() for record in caplog.records if "disk is full" in record.getMessage()]
    assert logged == ["alerts cannot be evaluated or delivered: metrics.db: the disk is full"]


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """``settings(url)``: a service whose critical alerts go to the address."""
    monkeypatch.chdir(tmp_path)

    def load(url):
        (tmp_path / "aurora.toml").write_text(
            '[store]\nurl = "metrics.db"\n[cache]\npath = "cache.db"\n'
            '[alerts]\nevaluation_interval = "1s"\n[alerts.routes]\ncritical = ["team"]\n'
            f'[alerts.channels.team]\ntype = "webhook"\nurl = "{url}"\n'
        )
        return Settings.load(tmp_path / "aurora.toml")

    return load


def test_service_notifies_its_own_failures_off_the_request_path(settings):
    with hook() as team, Service(settings(team.url)) as service:
        for _ in range(10):
            service.metrics.record_query(100, success=False)
        service.metrics.flush()
        service.watch_alerts()
        _, body = team.posted.get(timeout=30)
    assert (body["event"], body["rule"]) == ("fire", "critical_error_rate")
    with closing(sqlite3.connect("metrics.db")) as connection:
        stored = str(connection.execute("SELECT * FROM outbox").fetchall())
    assert SECRET not in stored


def test_watching_without_metrics_is_a_configuration_error(settings, monkeypatch):
    monkeypatch.setenv("AURORA_METRICS_ENABLED", "false")
    with pytest.raises(ConfigurationError, match="nothing to watch"):
        Service(settings("http://127.0.0.1:9")).watch_alerts()


def test_channel_with_an_unset_variable_is_retried_and_logged(tmp_path, monkeypatch, caplog):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aurora.toml").write_text(
        '[store]\nurl = "metrics.db"\n[alerts.routes]\nwarning = ["oncall"]\n'
        '[alerts.channels.oncall]\ntype = "pagerduty"\nkey = { env = "PAGERDUTY_KEY" }\n'
    )
    service = Service(Settings.load(tmp_path / "aurora.toml"))
    for _ in range(10):
        service.metrics.record_query(100, success=False)
    service.metrics.close()
    alerts = build_alert_service(service.settings)
    alerts.run_once()
    (oncall,) = [box for box in alerts.store.channel_stats() if box.channel == "oncall"]
    assert oncall == ChannelStats("oncall", 0, 1, 0, "missing key: set `key` of the channel")
    assert "channel oncall: fire of high_error_rate failed, will retry: missing key" in caplog.text
