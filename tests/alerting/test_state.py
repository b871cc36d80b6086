"""One notification on fire, one on resolve."""

import math

from hypothesis import given
from hypothesis import strategies as st

from aurora_core.alerting.state import AlertState, FiringPeriod, advance, replay, transition


def run_machine(held, for_s=0.0, keep_firing_for_s=0.0, step_s=60):
    """The transitions of evaluations a minute apart: ``(minute, transition)``."""
    state, transitions = AlertState(), []
    for minute, holds in enumerate(held):
        before = state
        state = advance(
            before, holds=holds, now_s=minute * step_s, for_s=for_s, keep_firing_for_s=keep_firing_for_s
        )
        if (changed := transition(before, state)) is not None:
            transitions.append((minute, changed))
    return transitions


def conditions(text):
    return [character == "x" for character in text]


def test_without_waits_it_fires_and_resolves_at_once():
    assert run_machine(conditions("..xx.x.")) == [(2, "fire"), (4, "resolve"), (5, "fire"), (6, "resolve")]


def test_condition_shorter_than_for_does_not_fire():
    assert run_machine(conditions(".xxx"), for_s=120) == [(3, "fire")]
    assert run_machine(conditions(".xx.xx."), for_s=120) == []


def test_condition_that_returns_before_clear_for_is_one_fire():
    assert run_machine(conditions("x..x...."), keep_firing_for_s=180) == [(0, "fire"), (7, "resolve")]


def test_pending_and_recovering_have_a_start():
    pending = advance(AlertState(), holds=True, now_s=60, for_s=120)
    assert pending == AlertState("pending", 60)
    assert advance(pending, holds=True, now_s=120, for_s=120) == pending
    recovering = advance(AlertState("firing"), holds=False, now_s=300, keep_firing_for_s=60)
    assert recovering == AlertState("recovering", 300)
    assert advance(recovering, holds=True, now_s=330, keep_firing_for_s=60) == AlertState("firing")


def test_clock_set_back_does_not_lengthen_a_wait():
    pending = AlertState("pending", 1e9)
    assert advance(pending, holds=True, now_s=60, for_s=120) == AlertState("pending", 60)
    recovering = AlertState("recovering", 1e9)
    assert advance(recovering, holds=False, now_s=60, keep_firing_for_s=120) == AlertState("recovering", 60)


def test_absence_of_data_keeps_the_state():
    for state in (
        AlertState(),
        AlertState("pending", 60),
        AlertState("firing"),
        AlertState("recovering", 60),
    ):
        assert advance(state, holds=None, now_s=1e6) == state


@given(st.lists(st.booleans()), st.integers(0, 5), st.integers(0, 5))
def test_transitions_alternate_beginning_with_a_fire(held, wait, clear):
    changes = [changed for _, changed in run_machine(held, wait * 60, clear * 60)]
    assert changes == [("fire", "resolve")[number % 2] for number in range(len(changes))]


@given(st.lists(st.booleans()), st.integers(0, 5))
def test_longer_waits_never_notify_more(held, wait):
    assert len(run_machine(held, wait * 60, wait * 60)) <= len(run_machine(held))


def test_rule_that_flaps_for_an_hour_fires_and_resolves_once():
    assert [
        changed for _, changed in run_machine(conditions("x." * 30 + "." * 10), keep_firing_for_s=300)
    ] == [
        "fire",
        "resolve",
    ]


@given(st.lists(st.sampled_from([True, False, None])), st.integers(0, 5), st.integers(0, 5))
def test_replay_has_the_periods_of_the_live_transitions(held, wait, clear):
    transitions = run_machine(held, wait * 60, clear * 60)
    times = [minute * 60 for minute, _ in transitions] + [math.inf] * (len(transitions) % 2)
    periods = replay([(minute * 60, holds) for minute, holds in enumerate(held)], wait * 60, clear * 60)
    assert periods == [FiringPeriod(*times[index : index + 2]) for index in range(0, len(times), 2)]
