"""``aurora alerts test``: a message through a route."""

import json

import pytest


def test_a_test_goes_through_each_channel_of_a_severity(alerts, team):
    exit_code, out, err = alerts("test", "--route", "critical")
    assert (exit_code, out) == (0, "team: status 200\nlog: logged\n")
    assert "TEST info: a test of this route; nothing is wrong" in err
    (body,) = team.bodies()
    assert (body["event"], body["message"]) == ("test", "a test of this route; nothing is wrong")


def test_a_channel_is_tried_by_its_name(alerts, team):
    assert alerts("test", "--route", "oncall")[:2] == (0, "oncall: status 200\n")
    assert [body["event_action"] for body in team.bodies()] == ["trigger", "resolve"]


def test_one_that_does_not_take_it_is_said_and_the_others_are_tried(alerts):
    exit_code, out, err = alerts("test", "--route", "critical")
    assert (exit_code, out) == (1, "log: logged\n")
    assert "aurora: team: Connection refused\n" in err


def test_a_dry_run_shows_the_exact_payload_and_sends_nothing(alerts, team):
    exit_code, out, _ = alerts("test", "--route", "team", "--dry-run")
    head, body = out.split("\n\n", 1)
    host = team.url.partition("/services")[0]
    assert exit_code == 0
    assert head.splitlines() == ["team:", f"POST {host}/****", "Content-Type: application/json"]
    assert team.bodies() == []
    alerts("test", "--route", "team")
    (sent,) = team.bodies()
    shown = json.loads(body)
    assert set(shown) == set(sent)
    assert {name: shown[name] for name in ("event", "rule", "message")} == {
        name: sent[name] for name in ("event", "rule", "message")
    }


def test_a_dry_run_of_a_page_masks_the_key(alerts):
    exit_code, out, _ = alerts("test", "--route", "oncall", "--dry-run")
    assert exit_code == 0
    assert out.count('"routing_key": "****1234"') == 2


def test_a_channel_that_lacks_its_variable_says_so(alerts, monkeypatch):
    monkeypatch.delenv("TEAM_HOOK")
    assert alerts("test", "--route", "team")[2] == "aurora: team: it has no url\n"
    exit_code, _, err = alerts("test", "--route", "team", "--dry-run")
    assert (exit_code, err) == (1, "aurora: team: it has no url\n")


@pytest.mark.parametrize(
    ("route", "told"),
    [
        ("taem", "no severity and no channel is called so; did you mean team?"),
        ("x", "there are info, warning, critical, log, team, oncall"),
    ],
)
def test_a_route_that_there_is_not_is_wrong_usage(alerts, route, told):
    exit_code, _, err = alerts("test", "--route", route)
    assert (exit_code, told in err) == (2, True)


@pytest.mark.parametrize(("routes", "told"), [("[]", "names no channel"), ('["taem"]', "which there is not")])
def test_a_route_that_leads_nowhere_is_said(alerts, folder, routes, told):
    (folder / "aurora.toml").write_text(f"[alerts.routes]\ninfo = {routes}\n")
    exit_code, _, err = alerts("test", "--route", "info")
    assert (exit_code, told in err) == (2, True)


def test_it_needs_a_route(alerts):
    assert alerts("test")[0] == 2
