"""What takes messages to one channel: in order, again and again, and gives up when it must."""

import math

import pytest
from delivery_pieces import RULE
from delivery_servers import SECRET, hook

from aurora_core.alerting.notice import fire
from aurora_core.delivery.channels.channel import NotTaken
from aurora_core.delivery.channels.made import Named, channel
from aurora_core.secrets import Masker, Secret
from aurora_core.store.metrics import Mailbox


class Recorded:
    """A channel that does as it is told: an answer, or an error to raise, for each message in turn."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.sent = []

    def send(self, notice):
        self.sent.append(notice.key)
        answer = self.answers.pop(0) if self.answers else "fine"
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def post(book, clock):
    def posted(*numbers):
        with book.turn() as page:
            for number in numbers:
                notice = fire(RULE, 0.5, clock.wall(), "host")
                page.post(notice._replace(key=str(number)), ["team"])

    return posted


def test_all_that_is_due_is_sent_in_order(book, courier, post):
    team = Recorded()
    post(1, 2, 3)
    assert courier(team).deliver() == 3
    assert team.sent == ["1", "2", "3"]
    assert courier(team).deliver() == 0
    assert book.mailboxes() == [Mailbox("team", 3, 0, 0, None)]


def test_who_does_not_take_it_is_asked_again_later_and_later_and_those_behind_it_wait(courier, post, clock):
    team = Recorded(*[NotTaken("status 500")] * 10)
    post(1, 2)
    asked = []
    for second in range(1200):
        before = len(team.sent)
        courier(team).deliver()
        if len(team.sent) > before:
            asked.append(second)
        clock.advance(1)
    assert asked == [0, 2, 6, 14, 30, 62, 126, 254, 510, 810, 1110]
    assert team.sent == ["1"] * 11 + ["2"]


def test_what_it_asks_to_wait_is_waited(courier, post, clock):
    team = Recorded(NotTaken("status 429", retry_after=600.0))
    post(1)
    courier(team).deliver()
    clock.advance(599)
    assert courier(team).deliver() == 0
    clock.advance(1)
    assert courier(team).deliver() == 1


def test_a_refusal_for_good_is_kept_and_said_and_the_next_one_is_another_matter(book, courier, post, caplog):
    team = Recorded(NotTaken("status 403", for_good=True))
    post(1, 2)
    assert courier(team).deliver() == 1
    assert team.sent == ["1", "2"]
    assert book.mailboxes() == [Mailbox("team", 1, 0, 1, "status 403")]
    assert "channel team: gave up fire of high_error_rate: status 403" in caplog.text


@pytest.mark.parametrize("asked_s", [0.0, 7 * 86_400.0])
def test_who_takes_nothing_for_a_day_is_given_up(book, courier, post, clock, asked_s):
    team = Recorded(*[NotTaken("status 500", retry_after=asked_s)] * 9999)
    post(1)
    for _ in range(300):
        courier(team).deliver()
        clock.advance(300)
    assert book.mailboxes() == [Mailbox("team", 0, 0, 1, "status 500")]


def test_that_it_fails_is_said_once_and_that_it_is_over_too(courier, post, clock, caplog):
    mine = courier(Recorded(*[NotTaken("Connection refused")] * 5))
    post(1)
    for _ in range(99):
        mine.deliver()
        clock.advance(1)
    told = [record.getMessage() for record in caplog.records]
    assert told == [
        "channel team: does not take fire of high_error_rate yet: Connection refused",
        "channel team takes messages again",
    ]


def test_a_channel_that_breaks_is_one_that_does_not_take_it(book, courier, post):
    post(1)
    courier(Recorded(ZeroDivisionError("with hunter2 in it"))).deliver()
    assert book.mailboxes() == [Mailbox("team", 0, 1, 0, "ZeroDivisionError")]


def test_no_secret_is_kept_or_said_where_a_channel_says_one(book, courier, post, caplog):
    post(1)
    courier(Recorded(NotTaken(f"no such path: /{SECRET}")), masker=Masker([SECRET])).deliver()
    assert SECRET not in caplog.text + str(book.mailboxes())


def test_a_real_server_that_limits_and_breaks_gets_each_message_once(courier, post, clock):
    statuses = [429, 500, 200, 503, 200]
    with hook(lambda number: (statuses[number], {"Retry-After": "30"})) as team:
        mine = courier(channel(Named("webhook", Secret(team.url), None, 5.0, "host")))
        post(1, 2)
        for _ in range(4):
            mine.deliver()
            clock.advance(30)
        tried = [body["key"] for body in team.bodies()]
    assert tried == ["1", "1", "1", "2", "2"]
    assert mine.deliver() == 0
    assert math.isclose(clock.now(), 120.0)
