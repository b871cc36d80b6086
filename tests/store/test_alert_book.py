"""States of alert rules and messages on their way, in the file of the metrics."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_pieces import piece, write_first_version

from aurora_core.alerting.notice import fire
from aurora_core.alerting.rules import DEFAULT_RULES
from aurora_core.alerting.state import AlertState
from aurora_core.errors import StoreError
from aurora_core.store import MetricsStore, schema
from aurora_core.store.alerts import KEPT_S, MOST_WAITING, AlertBook, Mailbox, Standing

NOW_S = 1_795_000_000.0


def notice(number=0):
    return fire(DEFAULT_RULES[0], 0.5, NOW_S + number, "host")


@pytest.fixture
def book(tmp_path):
    return AlertBook(MetricsStore(tmp_path / "metrics.db"))


def post(book, numbers, *channels):
    with book.turn() as page:
        for number in numbers:
            page.post(notice(number), channels or ("team",))


def taken(book, channel="team", now_s=NOW_S + 1e4):
    """What is delivered, in order, until nothing is due."""
    found = []
    while (letter := book.claim(channel, now_s, now_s + 90)) is not None:
        book.delivered(letter, now_s)
        found.append(letter.notice)
    return found


def test_messages_go_to_each_channel_once_and_in_order(book):
    post(book, range(3), "team", "oncall")
    assert taken(book) == taken(book, "oncall") == [notice(number) for number in range(3)]
    assert taken(book) == []
    assert book.mailboxes() == [Mailbox("oncall", 3, 0, 0, None), Mailbox("team", 3, 0, 0, None)]


def test_a_message_that_somebody_took_up_is_his_for_a_while_and_those_behind_it_wait(book):
    post(book, range(2))
    letter = book.claim("team", NOW_S, NOW_S + 90)
    assert letter.notice == notice(0)
    assert book.claim("team", NOW_S + 89, NOW_S + 180) is None
    # He died over it: somebody else sends it.
    assert book.claim("team", NOW_S + 90, NOW_S + 180) == letter


def test_one_that_is_put_off_comes_back_and_knows_how_often_it_was_tried(book):
    post(book, range(2))
    book.postponed(book.claim("team", NOW_S, NOW_S + 90), NOW_S + 5, "status 500")
    assert book.claim("team", NOW_S + 4, NOW_S + 90) is None
    assert book.mailboxes() == [Mailbox("team", 0, 2, 0, "status 500")]
    again = book.claim("team", NOW_S + 5, NOW_S + 90)
    assert (again.notice, again.attempts) == (notice(0), 1)


def test_a_clock_that_was_set_back_keeps_no_message_waiting(book):
    post(book, [0])
    book.postponed(book.claim("team", NOW_S, NOW_S + 90), NOW_S + 300, "status 500")
    year_ago_s = NOW_S - 365 * 86_400
    letter = book.claim("team", year_ago_s, year_ago_s + 90)
    assert (letter.notice, letter.posted_s) == (notice(0), year_ago_s)
    # From then on it is as any other: one has it at a time, and it waits for its time.
    assert book.claim("team", year_ago_s + 1, year_ago_s + 91) is None
    book.postponed(letter, year_ago_s + 300, "status 500")
    assert book.claim("team", year_ago_s + 299, year_ago_s + 400) is None
    assert book.claim("team", year_ago_s + 300, year_ago_s + 400).attempts == 2


def test_one_that_is_given_up_is_kept_and_may_be_sent_again(book):
    post(book, range(2))
    book.given_up(book.claim("team", NOW_S, NOW_S + 90), NOW_S, "status 403")
    assert taken(book) == [notice(1)]
    assert book.mailboxes() == [Mailbox("team", 1, 0, 1, "status 403")]
    assert book.resend(NOW_S + 100) == 1
    assert taken(book) == [notice(0)]
    assert book.mailboxes() == [Mailbox("team", 2, 0, 0, None)]


def test_what_is_sent_again_is_as_new_and_not_swept_away_for_its_age(book):
    post(book, [0])
    book.given_up(book.claim("team", NOW_S, NOW_S + 90), NOW_S, "status 403")
    later_s = NOW_S + KEPT_S - 10
    assert book.resend(later_s) == 1
    with book.turn() as page:
        page.sweep(later_s + 100, give_up_s=86_400.0)
    assert book.mailboxes() == [Mailbox("team", 0, 1, 0, "status 403")]


def test_the_queue_is_bounded_the_oldest_is_given_up_and_said(book):
    post(book, range(MOST_WAITING + 5))
    assert book.mailboxes() == [Mailbox("team", 0, MOST_WAITING, 5, "too many waited")]
    assert book.claim("team", NOW_S + 1e4, NOW_S + 2e4).notice == notice(5)


def test_what_waits_for_too_long_is_given_up_and_what_is_old_is_forgotten(book):
    post(book, [0, 50], "gone")
    with book.turn() as page:
        page.sweep(NOW_S + 100, give_up_s=60.0)
    assert book.mailboxes() == [Mailbox("gone", 0, 1, 1, "no channel of that name takes it")]
    with book.turn() as page:
        page.sweep(NOW_S + 100 + KEPT_S + 1, give_up_s=60.0)
    assert book.mailboxes() == [Mailbox("gone", 0, 0, 1, "no channel of that name takes it")]


def test_states_read_back_and_what_is_not_among_them_is_ok(book):
    standings = {
        "pending": Standing(AlertState("pending", NOW_S), NOW_S),
        "firing": Standing(AlertState("firing"), NOW_S, notice(), ("team", "log")),
    }
    with book.turn() as page:
        page.keep(standings)
    with book.turn() as page:
        assert page.standings() == standings
        page.keep({})
    with book.turn() as page:
        assert page.standings() == {}


def test_state_and_message_change_together_or_not_at_all(book):
    def interrupted():
        with book.turn() as page:
            page.keep({"firing": Standing(AlertState("firing"), NOW_S)})
            page.post(notice(), ("team",))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    with book.turn() as page:
        assert page.standings() == {}
    assert taken(book) == []


def test_a_file_of_the_version_before_is_taken_over_whole(tmp_path):
    path = tmp_path / "metrics.db"
    write_first_version(path, piece())
    book = AlertBook(MetricsStore(path))
    post(book, [0])
    assert taken(book) == [notice(0)]
    assert MetricsStore(path).read(0, 2**40) == [piece()]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "metrics.db").write_text("no database at all, but long enough to be read as one" * 9)
    with pytest.raises(StoreError, match="it is not a metrics store"):
        post(AlertBook(MetricsStore(tmp_path / "metrics.db")), [0])


def test_a_message_outlives_a_kill(tmp_path):
    path = tmp_path / "metrics.db"
    code = (
        "import os, sys, signal\n"
        "from aurora_core.store import MetricsStore\n"
        "from aurora_core.store.alerts import AlertBook\n"
        "from aurora_core.alerting.notice import fire\n"
        "from aurora_core.alerting.rules import DEFAULT_RULES\n"
        "with AlertBook(MetricsStore(sys.argv[1])).turn() as page:\n"
        "    page.post(fire(DEFAULT_RULES[0], 0.5, 1_795_000_000.0, 'host'), ['team'])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, path], env=os.environ, check=False)
    assert done.returncode == -signal.SIGKILL
    assert taken(AlertBook(MetricsStore(path))) == [notice(0)]


STEP = st.sampled_from(["post", "claim", "deliver", "postpone", "give up"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.lists(STEP, max_size=30))
def test_whatever_happens_none_is_lost_and_none_is_delivered_twice(tmp_path_factory, steps):
    book = AlertBook(MetricsStore(tmp_path_factory.mktemp("book") / "metrics.db"))
    numbers, delivered, given_up, held, now_s = count(), [], [], None, NOW_S
    for step in steps:
        now_s += 100.0
        if step == "post":
            post(book, [next(numbers)])
        elif step == "claim":
            held = book.claim("team", now_s, now_s + 90)
        elif held is not None:
            if step == "deliver":
                book.delivered(held, now_s)
                delivered.append(held.notice)
            elif step == "postpone":
                book.postponed(held, now_s + 50, "status 500")
            else:
                book.given_up(held, now_s, "status 403")
                given_up.append(held.notice)
            held = None
    rest = taken(book, now_s=now_s + 1e4)
    posted = [notice(number) for number in range(next(numbers))]
    assert sorted(delivered + given_up + rest) == sorted(posted)
    assert delivered + rest == [each for each in posted if each not in given_up]
