"""One message on fire, one on resolve."""

from hypothesis import given
from hypothesis import strategies as st

from aurora_core.alerting.state import AlertState, advance, message


def told(held, for_s=0.0, clear_for_s=0.0, step_s=60):
    """What is told over looks a minute apart: ``(minute, message)``."""
    state, messages = AlertState(), []
    for minute, holds in enumerate(held):
        before = state
        state = advance(before, holds=holds, now_s=minute * step_s, for_s=for_s, clear_for_s=clear_for_s)
        if (said := message(before, state)) is not None:
            messages.append((minute, said))
    return messages


def looks(text):
    return [letter == "x" for letter in text]


def test_it_fires_at_once_and_is_resolved_at_once_where_nothing_is_waited_for():
    assert told(looks("..xx.x.")) == [(2, "fire"), (4, "resolve"), (5, "fire"), (6, "resolve")]


def test_it_is_pending_for_so_long_and_what_passes_before_is_not_told():
    assert told(looks(".xxx"), for_s=120) == [(3, "fire")]
    assert told(looks(".xx.xx."), for_s=120) == []


def test_it_is_resolved_once_it_was_clear_for_so_long_and_what_comes_back_before_is_one_fire():
    assert told(looks("x..x...."), clear_for_s=180) == [(0, "fire"), (7, "resolve")]


def test_pending_and_clearing_say_since_when():
    pending = advance(AlertState(), holds=True, now_s=60, for_s=120)
    assert pending == AlertState("pending", 60)
    assert advance(pending, holds=True, now_s=120, for_s=120) == pending
    clearing = advance(AlertState("firing"), holds=False, now_s=300, clear_for_s=60)
    assert clearing == AlertState("clearing", 300)
    assert advance(clearing, holds=True, now_s=330, clear_for_s=60) == AlertState("firing")


def test_a_clock_that_was_set_back_keeps_nobody_waiting():
    pending = AlertState("pending", 1e9)
    assert advance(pending, holds=True, now_s=60, for_s=120) == AlertState("pending", 60)
    clearing = AlertState("clearing", 1e9)
    assert advance(clearing, holds=False, now_s=60, clear_for_s=120) == AlertState("clearing", 60)


def test_where_nothing_was_measured_it_stays_as_it_is():
    for state in (AlertState(), AlertState("pending", 60), AlertState("firing"), AlertState("clearing", 60)):
        assert advance(state, holds=None, now_s=1e6) == state


@given(st.lists(st.booleans()), st.integers(0, 5), st.integers(0, 5))
def test_messages_take_turns_beginning_with_a_fire(held, wait, clear):
    messages = [said for _, said in told(held, wait * 60, clear * 60)]
    assert messages == [("fire", "resolve")[number % 2] for number in range(len(messages))]


@given(st.lists(st.booleans()), st.integers(0, 5))
def test_longer_waiting_never_tells_more(held, wait):
    assert len(told(held, wait * 60, wait * 60)) <= len(told(held))


def test_a_rule_that_flaps_for_an_hour_is_one_fire_and_one_resolve():
    assert [said for _, said in told(looks("x." * 30 + "." * 10), clear_for_s=300)] == ["fire", "resolve"]
