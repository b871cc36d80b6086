"""The worker of one channel: in order, with retries, until it gives up."""

import math

import pytest
from alerting_helpers import RULE
from channel_servers import SECRET, hook

from aurora_core.alerting.channels.base import UNSET, ChannelConfig, DeliveryError
from aurora_core.alerting.channels.registry import build_channel
from aurora_core.alerting.notification import build_firing_notification
from aurora_core.secrets import Masker, Secret
from aurora_core.store.metrics import ChannelStats


class FakeChannel:
    """A channel with an answer, or an error to raise, for each message in turn."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.sent = []

    def send(self, notification):
        self.sent.append(notification.key)
        answer = self.answers.pop(0) if self.answers else "fine"
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def enqueue(store, clock):
    def add(*numbers):
        with store.transaction() as page:
            for number in numbers:
                notification = build_firing_notification(RULE, 0.5, clock.wall(), "host")
                page.enqueue(notification._replace(key=str(number)), ["team"])

    return add


def test_due_messages_are_sent_in_order(store, build_worker, enqueue):
    team = FakeChannel()
    enqueue(1, 2, 3)
    assert build_worker(team).deliver() == 3
    assert team.sent == ["1", "2", "3"]
    assert build_worker(team).deliver() == 0
    assert store.channel_stats() == [ChannelStats("team", 3, 0, 0, None)]


def test_failed_message_backs_off_and_later_ones_wait(build_worker, enqueue, clock):
    team = FakeChannel(*[DeliveryError("status 500")] * 10)
    enqueue(1, 2)
    attempted = []
    for second in range(1200):
        before = len(team.sent)
        build_worker(team).deliver()
        if len(team.sent) > before:
            attempted.append(second)
        clock.advance(1)
    assert attempted == [0, 2, 6, 14, 30, 62, 126, 254, 510, 810, 1110]
    assert team.sent == ["1"] * 11 + ["2"]


def test_retry_after_is_honoured(build_worker, enqueue, clock):
    team = FakeChannel(DeliveryError("status 429", retry_after=600.0))
    enqueue(1)
    build_worker(team).deliver()
    clock.advance(599)
    assert build_worker(team).deliver() == 0
    clock.advance(1)
    assert build_worker(team).deliver() == 1


def test_permanent_failure_is_stored_and_the_next_message_is_sent(store, build_worker, enqueue, caplog):
    team = FakeChannel(DeliveryError("status 403", permanent=True))
    enqueue(1, 2)
    assert build_worker(team).deliver() == 1
    assert team.sent == ["1", "2"]
    assert store.channel_stats() == [ChannelStats("team", 1, 0, 1, "status 403")]
    assert "channel team: gave up fire of high_error_rate: status 403" in caplog.text


@pytest.mark.parametrize("retry_after", [0.0, 7 * 86_400.0])
def test_message_that_fails_for_a_day_is_given_up(store, build_worker, enqueue, clock, retry_after):
    team = FakeChannel(*[DeliveryError("status 500", retry_after=retry_after)] * 9999)
    enqueue(1)
    for _ in range(300):
        build_worker(team).deliver()
        clock.advance(300)
    assert store.channel_stats() == [ChannelStats("team", 0, 0, 1, "status 500")]


def test_failure_and_recovery_are_each_logged_once(build_worker, enqueue, clock, caplog):
    worker = build_worker(FakeChannel(*[DeliveryError("Connection refused")] * 5))
    enqueue(1)
    for _ in range(99):
        worker.deliver()
        clock.advance(1)
    logged = [record.getMessage() for record in caplog.records]
    assert logged == [
        "channel team: fire of high_error_rate failed, will retry: Connection refused",
        "channel team: delivery works again",
    ]


def test_crash_of_a_channel_is_a_failed_delivery(store, build_worker, enqueue):
    enqueue(1)
    build_worker(FakeChannel(ZeroDivisionError("with hunter2 in it"))).deliver()
    assert store.channel_stats() == [ChannelStats("team", 0, 1, 0, "ZeroDivisionError")]


def test_secret_in_an_error_is_neither_stored_nor_logged(store, build_worker, enqueue, caplog):
    enqueue(1)
    build_worker(FakeChannel(DeliveryError(f"no such path: /{SECRET}")), masker=Masker([SECRET])).deliver()
    assert SECRET not in caplog.text + str(store.channel_stats())


def test_failing_server_accepts_each_message_once(build_worker, enqueue, clock):
    statuses = [429, 500, 200, 503, 200]
    with hook(lambda number: (statuses[number], {"Retry-After": "30"})) as team:
        worker = build_worker(build_channel("webhook", ChannelConfig(Secret(team.url), UNSET, 5.0, "host")))
        enqueue(1, 2)
        for _ in range(4):
            worker.deliver()
            clock.advance(30)
        keys = [body["key"] for body in team.bodies()]
    assert keys == ["1", "1", "1", "2", "2"]
    assert worker.deliver() == 0
    assert math.isclose(clock.now(), 120.0)
