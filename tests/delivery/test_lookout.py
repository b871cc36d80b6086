"""From what was measured to messages: one on fire, one on resolve, whoever looks and however often."""

import math

import pytest
from delivery_pieces import RULE

from aurora_cli.sla_report.backtest import History, backtest
from aurora_cli.sla_report.incidents import find_incidents
from aurora_cli.sla_report.timeline import build_timeline
from aurora_core.alerting.rules import AlertRule, AlertSeverity
from aurora_core.alerting.state import DEFAULT_WATCHES, Watch
from aurora_core.delivery.lookout import ORPHANED_S
from aurora_core.errors import StoreError
from aurora_core.security import Masker
from aurora_core.store import MetricsStore
from aurora_core.store.alerts import AlertBook

LASTING = AlertRule("a lasting one", "success_rate", 0.9, "lt", AlertSeverity.WARNING)


def posted(book, channel="team"):
    """All that was put on its way to a channel: ``(event, rule)``."""
    found = []
    while (letter := book.claim(channel, 1e12, 2e12)) is not None:
        book.delivered(letter, 0.0)
        found.append((letter.notice.event, letter.notice.rule))
    return found


def test_a_fire_is_told_once_and_its_end_once(book, lookout, measure, clock):
    watching = lookout()
    for bad in [False, True, True, True, *[False] * 9]:
        measure(bad)
        watching.look(clock.wall())
        watching.look(clock.wall() + 1)
    assert posted(book) == [("fire", RULE.name), ("resolve", RULE.name)]


def test_a_rule_that_flaps_for_an_hour_is_one_message_and_one_resolve(book, lookout, measure, clock):
    watching = lookout(Watch(RULE, window_s=60.0, clear_for_s=DEFAULT_WATCHES[0].clear_for_s))
    for minute in range(60):
        measure(minute % 2 == 0)
        watching.look(clock.wall())
    for _ in range(10):
        measure(False)
        watching.look(clock.wall())
    assert posted(book) == [("fire", RULE.name), ("resolve", RULE.name)]


def test_a_restart_repeats_nothing_and_processes_that_look_at_once_tell_it_once(
    path, book, lookout, measure, clock
):
    for bad in [True, True, *[False] * 9]:
        measure(bad)
        for _ in range(3):  # three workers, each of which was just started
            lookout(of=AlertBook(MetricsStore(path))).look(clock.wall())
    assert posted(book) == [("fire", RULE.name), ("resolve", RULE.name)]


def test_fire_and_resolve_have_one_key_and_go_to_the_same_channels(book, lookout, measure, clock):
    measure(True)
    (fired,) = lookout(channels=("team", "oncall")).look(clock.wall()).posted
    for _ in range(9):
        measure(False)
    after = lookout(channels=("somebody else",)).look(clock.wall())
    (resolved,) = after.posted
    assert (fired.event, resolved.event) == ("fire", "resolve")
    assert resolved.key == fired.key
    for channel in ("team", "oncall"):
        assert posted(book, channel) == [("fire", RULE.name), ("resolve", RULE.name)]
    assert posted(book, "somebody else") == []


def test_a_rule_waits_as_it_says(book, lookout, measure, clock):
    watching = lookout(Watch(RULE, window_s=60.0, for_s=120.0, clear_for_s=120.0))
    states = []
    for bad in [True, True, True, False, False, False, False]:
        measure(bad)
        (seen,) = watching.look(clock.wall()).seen
        states.append((seen.state.status, math.isinf(seen.since_s)))
    # The look at a minute's end has this minute and the one that begins, which is empty.
    assert [status for status, _ in states] == [
        "pending", "pending", "firing", "clearing", "clearing", "ok", "ok",
    ]  # fmt: skip
    assert [endless for _, endless in states] == [False] * 5 + [True] * 2
    assert posted(book) == [("fire", RULE.name), ("resolve", RULE.name)]


def test_too_few_calls_are_silent(lookout, measure, clock):
    measure(True)
    assert lookout(Watch(RULE, minimum_calls=11)).look(clock.wall()).posted == []
    assert len(lookout(Watch(RULE, minimum_calls=10)).look(clock.wall()).posted) == 1


def test_where_nobody_measures_a_fire_is_not_over(book, lookout, measure, clock):
    watching = lookout()
    measure(True)
    assert watching.look(clock.wall()).measured
    for _ in range(30):
        measure(None)
        seen = watching.look(clock.wall())
    assert (seen.seen[0].state.status, seen.measured) == ("firing", False)
    assert math.isnan(seen.seen[0].value)
    assert posted(book) == [("fire", RULE.name)]


def test_a_rule_that_was_taken_out_is_resolved_once_nobody_looks_at_it(lookout, measure, clock):
    other = AlertRule("other", "error_rate", 0.5, "lt", AlertSeverity.INFO)
    measure(True)
    lookout().look(clock.wall())
    clock.advance(ORPHANED_S - 1)
    assert lookout(Watch(other)).look(clock.wall()).posted == []  # a new version beside the old one
    clock.advance(1)
    (resolved,) = lookout(Watch(other)).look(clock.wall()).posted
    assert (resolved.event, resolved.rule, math.isnan(resolved.value)) == ("resolve", RULE.name, True)
    assert lookout(Watch(other)).look(clock.wall()).posted == []


def test_the_burn_rate_is_watched(lookout, measure, clock):
    burning = AlertRule("burning", "burn_rate", 14.4, "gt", AlertSeverity.CRITICAL)
    measure(True)
    look = lookout(Watch(burning)).look(clock.wall())
    assert look.seen[0].value == pytest.approx(1000.0)
    assert [notice.rule for notice in look.posted] == ["burning"]


def test_no_secret_of_the_settings_is_in_a_message(lookout, measure, clock):
    told = AlertRule("told", "error_rate", 0.05, "gt", AlertSeverity.INFO, "see https://x/hunter2hunter2")
    measure(True)
    (notice,) = lookout(Watch(told), masker=Masker(["hunter2hunter2"])).look(clock.wall()).posted
    assert "hunter2" not in notice.to_json()


def test_a_store_that_fails_changes_nothing(lookout, measure, clock, monkeypatch):
    measure(True)
    watching = lookout()
    with monkeypatch.context() as broken:
        broken.setattr("aurora_core.store.alerts.rows.between", fails)
        with pytest.raises(StoreError):
            watching.look(clock.wall())
    assert len(watching.look(clock.wall()).posted) == 1


def fails(*_):
    raise StoreError("the disk failed")


def test_it_tells_what_the_backtest_of_the_same_hours_says(path, book, lookout, measure, clock):
    """Two paths: looks at each minute as it goes by, and the tool's look at the past."""
    watches = [
        Watch(RULE, clear_for_s=300.0),
        Watch(LASTING, window_s=600.0, for_s=180.0, minimum_calls=30, clear_for_s=60.0),
    ]
    watching = lookout(*watches)
    pattern = ([False] * 7 + [True] * 2 + [False] * 30 + [None] * 9 + [True] * 5 + [False] * 40) * 2
    for bad in pattern:
        measure(bad)
        watching.look(clock.wall())
    told = posted(book)
    slices = [each for each in MetricsStore(path).read(0, 2**40) if each.start_s < clock.wall()]
    line = build_timeline(slices)
    past = History(slices, line, find_incidents(line, 0.05), int(clock.wall()))
    found = backtest(past, watches, 0.999, 30 * 86_400.0)[: len(watches)]
    assert {each.alert: each.fired for each in found} == {
        watch.rule.name: told.count(("fire", watch.rule.name)) for watch in watches
    }
    assert [told.count(("fire", watch.rule.name)) for watch in watches] == [4, 4]
