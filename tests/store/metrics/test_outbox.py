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
from store_pieces import piece

from aurora_core.alerting.notification import build_firing_notification
from aurora_core.alerting.rules import DEFAULT_RULES
from aurora_core.alerting.state import AlertState
from aurora_core.errors import StoreError
from aurora_core.store import MetricsStore
from aurora_core.store.metrics import ChannelStats, RuleState, schema
from aurora_core.store.metrics.base import MAX_WAITING, MESSAGE_RETENTION_S

NOW_S = 1_795_000_000.0


def notification(number=0):
    return build_firing_notification(DEFAULT_RULES[0], 0.5, NOW_S + number, "host")


@pytest.fixture
def store(tmp_path):
    return MetricsStore(tmp_path / "metrics.db").alert_store()


def enqueue(store, numbers, *channels):
    with store.transaction() as page:
        for number in numbers:
            page.enqueue(notification(number), channels or ("team",))


def taken(store, channel="team", now_s=NOW_S + 1e4):
    """What is delivered, in order, until nothing is due."""
    found = []
    while (message := store.claim(channel, now_s, now_s + 90)) is not None:
        store.mark_delivered(message, now_s)
        found.append(message.notification)
    return found


def test_messages_go_to_each_channel_once_and_in_order(store):
    enqueue(store, range(3), "team", "oncall")
    assert taken(store) == taken(store, "oncall") == [notification(number) for number in range(3)]
    assert taken(store) == []
    assert store.channel_stats() == [
        ChannelStats("oncall", 3, 0, 0, None),
        ChannelStats("team", 3, 0, 0, None),
    ]


def test_a_message_that_somebody_took_up_is_his_for_a_while_and_those_behind_it_wait(store):
    enqueue(store, range(2))
    message = store.claim("team", NOW_S, NOW_S + 90)
    assert message.notification == notification(0)
    assert store.claim("team", NOW_S + 89, NOW_S + 180) is None
    # He died over it: somebody else sends it.
    assert store.claim("team", NOW_S + 90, NOW_S + 180) == message


def test_one_that_is_put_off_comes_back_and_knows_how_often_it_was_tried(store):
    enqueue(store, range(2))
    store.reschedule(store.claim("team", NOW_S, NOW_S + 90), NOW_S + 5, "status 500")
    assert store.claim("team", NOW_S + 4, NOW_S + 90) is None
    assert store.channel_stats() == [ChannelStats("team", 0, 2, 0, "status 500")]
    again = store.claim("team", NOW_S + 5, NOW_S + 90)
    assert (again.notification, again.attempts) == (notification(0), 1)


def test_a_clock_that_was_set_back_keeps_no_message_waiting(store):
    enqueue(store, [0])
    store.reschedule(store.claim("team", NOW_S, NOW_S + 90), NOW_S + 300, "status 500")
    year_ago_s = NOW_S - 365 * 86_400
    message = store.claim("team", year_ago_s, year_ago_s + 90)
    assert (message.notification, message.enqueued_s) == (notification(0), year_ago_s)
    # From then on it is as any other: one has it at a time, and it waits for its time.
    assert store.claim("team", year_ago_s + 1, year_ago_s + 91) is None
    store.reschedule(message, year_ago_s + 300, "status 500")
    assert store.claim("team", year_ago_s + 299, year_ago_s + 400) is None
    assert store.claim("team", year_ago_s + 300, year_ago_s + 400).attempts == 2


def test_one_that_is_given_up_is_kept_and_may_be_sent_again(store):
    enqueue(store, range(2))
    store.mark_failed(store.claim("team", NOW_S, NOW_S + 90), NOW_S, "status 403")
    assert taken(store) == [notification(1)]
    assert store.channel_stats() == [ChannelStats("team", 1, 0, 1, "status 403")]
    assert store.resend(NOW_S + 100) == 1
    assert taken(store) == [notification(0)]
    assert store.channel_stats() == [ChannelStats("team", 2, 0, 0, None)]


def test_what_is_sent_again_is_as_new_and_not_swept_away_for_its_age(store):
    enqueue(store, [0])
    store.mark_failed(store.claim("team", NOW_S, NOW_S + 90), NOW_S, "status 403")
    later_s = NOW_S + MESSAGE_RETENTION_S - 10
    assert store.resend(later_s) == 1
    with store.transaction() as page:
        page.expire(later_s + 100, give_up_s=86_400.0)
    assert store.channel_stats() == [ChannelStats("team", 0, 1, 0, "status 403")]


def test_the_queue_is_bounded_the_oldest_is_given_up_and_said(store):
    enqueue(store, range(MAX_WAITING + 5))
    assert store.channel_stats() == [ChannelStats("team", 0, MAX_WAITING, 5, "too many waited")]
    assert store.claim("team", NOW_S + 1e4, NOW_S + 2e4).notification == notification(5)


def test_what_waits_for_too_long_is_given_up_and_what_is_old_is_forgotten(store):
    enqueue(store, [0, 50], "gone")
    with store.transaction() as page:
        page.expire(NOW_S + 100, give_up_s=60.0)
    assert store.channel_stats() == [ChannelStats("gone", 0, 1, 1, "no channel of that name takes it")]
    with store.transaction() as page:
        page.expire(NOW_S + 100 + MESSAGE_RETENTION_S + 1, give_up_s=60.0)
    assert store.channel_stats() == [ChannelStats("gone", 0, 0, 1, "no channel of that name takes it")]


def test_states_read_back_and_what_is_not_among_them_is_ok(store):
    states = {
        "pending": RuleState(AlertState("pending", NOW_S), NOW_S),
        "firing": RuleState(AlertState("firing"), NOW_S, notification(), ("team", "log")),
    }
    with store.transaction() as page:
        page.save_states(states)
    with store.transaction() as page:
        assert page.rule_states() == states
        page.save_states({})
    with store.transaction() as page:
        assert page.rule_states() == {}


def test_state_and_message_change_together_or_not_at_all(store):
    def interrupted():
        with store.transaction() as page:
            page.save_states({"firing": RuleState(AlertState("firing"), NOW_S)})
            page.enqueue(notification(), ("team",))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    with store.transaction() as page:
        assert page.rule_states() == {}
    assert taken(store) == []


def test_a_file_of_the_version_before_is_taken_over_whole(tmp_path):
    """The first version of all: a file without tables for alerts."""
    path = tmp_path / "metrics.db"
    with closing(sqlite3.connect(path)) as connection:
        for statement in schema.MIGRATIONS[0]:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    store = MetricsStore(path).alert_store()
    enqueue(store, [0])
    assert taken(store) == [notification(0)]
    MetricsStore(path).write([piece()])
    assert MetricsStore(path).read(0, 2**40) == [piece()]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA.version,)


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "metrics.db").write_text("no database at all, but long enough to be read as one" * 9)
    with pytest.raises(StoreError, match="not a SQLite database"):
        enqueue(MetricsStore(tmp_path / "metrics.db").alert_store(), [0])


def test_a_message_outlives_a_kill(tmp_path):
    path = tmp_path / "metrics.db"
    code = (
        "import os, sys, signal\n"
        "from aurora_core.store import MetricsStore\n"
        "from aurora_core.alerting.notification import build_firing_notification\n"
        "from aurora_core.alerting.rules import DEFAULT_RULES\n"
        "with MetricsStore(sys.argv[1]).alert_store().transaction() as page:\n"
        "    fire = build_firing_notification(DEFAULT_RULES[0], 0.5, 1_795_000_000.0, 'host')\n"
        "    page.enqueue(fire, ['team'])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, path], env=os.environ, check=False)
    assert done.returncode == -signal.SIGKILL
    assert taken(MetricsStore(path).alert_store()) == [notification(0)]


STEP = st.sampled_from(["post", "claim", "deliver", "postpone", "give up"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.lists(STEP, max_size=30))
def test_whatever_happens_none_is_lost_and_none_is_delivered_twice(tmp_path_factory, steps):
    store = MetricsStore(tmp_path_factory.mktemp("store") / "metrics.db").alert_store()
    numbers, delivered, failed, held, now_s = count(), [], [], None, NOW_S
    for step in steps:
        now_s += 100.0
        if step == "post":
            enqueue(store, [next(numbers)])
        elif step == "claim":
            held = store.claim("team", now_s, now_s + 90)
        elif held is not None:
            if step == "deliver":
                store.mark_delivered(held, now_s)
                delivered.append(held.notification)
            elif step == "postpone":
                store.reschedule(held, now_s + 50, "status 500")
            else:
                store.mark_failed(held, now_s, "status 403")
                failed.append(held.notification)
            held = None
    rest = taken(store, now_s=now_s + 1e4)
    posted = [notification(number) for number in range(next(numbers))]
    assert sorted(delivered + failed + rest) == sorted(posted)
    assert delivered + rest == [each for each in posted if each not in failed]
