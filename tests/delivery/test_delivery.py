"""Looking and delivering together: one dead route does not hold the others; a service does it by itself."""

import sqlite3
import threading
from contextlib import closing

import pytest
from delivery_pieces import RULE
from delivery_servers import SECRET, hang, hook, talker

from aurora_core.alerting.state import Watch
from aurora_core.config import Settings
from aurora_core.delivery.channels.log import LogChannel
from aurora_core.delivery.channels.made import Named, channel
from aurora_core.delivery.delivery import Delivery
from aurora_core.delivery.settings import delivery_of
from aurora_core.errors import ConfigurationError, StoreError
from aurora_core.secrets import Secret
from aurora_core.service import Service
from aurora_core.store.metrics import Mailbox


def webhook(url, timeout_s=5.0):
    return channel(Named("webhook", Secret(url), None, timeout_s, "host"))


@pytest.fixture
def delivery(book, lookout, courier, clock):
    def made(**channels):
        couriers = [courier(each, name) for name, each in channels.items()]
        watching = lookout(Watch(RULE), channels=tuple(channels))
        return Delivery(book, watching, couriers, clock, every_s=30.0, give_up_s=86_400.0)

    return made


def test_one_dead_route_does_not_hold_the_others(book, delivery, measure):
    measure(True)
    with hook() as team, talker(hang) as port:
        done = delivery(dead=webhook(f"http://127.0.0.1:{port}", 0.2), team=webhook(team.url)).once()
        assert done.taken == {"dead": 0, "team": 1}
        assert [body["rule"] for body in team.bodies()] == [RULE.name]
    assert book.mailboxes() == [
        Mailbox("dead", 0, 1, 0, "it hung up, or did not answer in time"),
        Mailbox("team", 1, 0, 0, None),
    ]


def test_while_a_route_hangs_the_others_are_told_in_threads_of_their_own(delivery, measure):
    measure(True)
    hanging = threading.Event()

    def hang_and_say_so(line, over):
        hanging.set()
        hang(line, over)

    with hook() as team, talker(hang_and_say_so) as port:
        running = delivery(dead=webhook(f"http://127.0.0.1:{port}", 1.0), team=webhook(team.url))
        running.start()
        _, body = team.posted.get(timeout=30)
        assert hanging.wait(30)
        running.stop()
    assert body["event"] == "fire"
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("aurora-courier")]


def test_a_store_that_fails_is_said_once_and_looked_at_again(delivery, measure, monkeypatch, caplog):
    measure(True)
    running = delivery(log=LogChannel())
    failures, over = iter(range(10**6)), threading.Event()

    def fails(now_s):
        if next(failures) == 3:
            over.set()
        raise StoreError("metrics.db: the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(running._lookout, "look", fails)
        running._every_s = 0.001
        running.start()
        assert over.wait(30)
        running.stop()
    told = [record.getMessage() for record in caplog.records if "disk is full" in record.getMessage()]
    assert told == ["alerts are not looked at, or not delivered: metrics.db: the disk is full"]


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """``settings(url)``: a service whose critical alerts go to the address."""
    monkeypatch.chdir(tmp_path)

    def made(url):
        (tmp_path / "aurora.toml").write_text(
            '[store]\nurl = "metrics.db"\n[cache]\npath = "cache.db"\n'
            '[alerts]\nevery = "1s"\n[alerts.routes]\ncritical = ["team"]\n'
            f'[alerts.channels.team]\ntype = "webhook"\nurl = "{url}"\n'
        )
        return Settings.load(tmp_path / "aurora.toml")

    return made


def test_a_service_tells_of_its_own_failures_off_the_request_path(settings):
    with hook() as team, Service(settings(team.url)) as service:
        for _ in range(10):
            service.metrics.record_query(100, success=False)
        service.metrics.flush()
        service.watch_alerts()
        _, body = team.posted.get(timeout=30)
    assert (body["event"], body["rule"]) == ("fire", "critical_error_rate")
    with closing(sqlite3.connect("metrics.db")) as connection:
        kept = str(connection.execute("SELECT * FROM alert_messages").fetchall())
    assert SECRET not in kept


def test_without_metrics_there_is_nothing_to_watch(settings, monkeypatch):
    monkeypatch.setenv("AURORA_METRICS_ENABLED", "false")
    with pytest.raises(ConfigurationError, match="nothing to watch"):
        Service(settings("http://127.0.0.1:9")).watch_alerts()


def test_a_channel_without_its_variable_is_tried_again_and_said(tmp_path, monkeypatch, caplog):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aurora.toml").write_text(
        '[store]\nurl = "metrics.db"\n[alerts.routes]\nwarning = ["oncall"]\n'
        '[alerts.channels.oncall]\ntype = "pagerduty"\nkey = { env = "PAGERDUTY_KEY" }\n'
    )
    service = Service(Settings.load(tmp_path / "aurora.toml"))
    for _ in range(10):
        service.metrics.record_query(100, success=False)
    service.metrics.close()
    delivery = delivery_of(service.settings)
    delivery.once()
    (oncall,) = [box for box in delivery.book.mailboxes() if box.channel == "oncall"]
    assert oncall == Mailbox("oncall", 0, 1, 0, "it has no key")
    assert "channel oncall: does not take fire of high_error_rate yet: it has no key" in caplog.text
