"""``aurora alerts test``: a message through a route."""

import json

import pytest


def test_severity_sends_through_each_of_its_channels(alerts, team):
    exit_code, out, err = alerts("test", "--route", "critical")
    assert (exit_code, out) == (0, "team: status 200\nlog: logged\n")
    assert "TEST info: a test of this route; nothing is wrong" in err
    (body,) = team.bodies()
    assert (body["event"], body["message"]) == ("test", "a test of this route; nothing is wrong")


def test_channel_is_selected_by_its_name(alerts, team):
    assert alerts("test", "--route", "oncall")[:2] == (0, "oncall: status 200\n")
    assert [body["event_action"] for body in team.bodies()] == ["trigger", "resolve"]


def test_failing_channel_is_reported_and_the_others_are_sent_to(alerts):
    exit_code, out, err = alerts("test", "--route", "critical")
    assert (exit_code, out) == (1, "log: logged\n")
    assert "aurora: team: Connection refused\n" in err


def test_dry_run_shows_the_exact_payload_and_sends_nothing(alerts, team):
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


def test_dry_run_masks_the_key_of_a_page(alerts):
    exit_code, out, _ = alerts("test", "--route", "oncall", "--dry-run")
    assert exit_code == 0
    assert out.count('"routing_key": "****1234"') == 2


def test_channel_with_an_unset_variable_is_reported(alerts, monkeypatch):
    monkeypatch.delenv("TEAM_HOOK")
    assert alerts("test", "--route", "team")[2] == "aurora: team: missing url: set `url` of the channel\n"
    exit_code, _, err = alerts("test", "--route", "team", "--dry-run")
    assert (exit_code, err) == (1, "aurora: team: missing url: set `url` of the channel\n")


@pytest.mark.parametrize(
    ("route", "reason"),
    [
        ("taem", "no such severity or channel; did you mean team?"),
        ("x", "expected one of info, warning, critical, log, team, oncall"),
    ],
)
def test_unknown_route_is_a_usage_error(alerts, route, reason):
    exit_code, _, err = alerts("test", "--route", route)
    assert (exit_code, reason in err) == (2, True)


@pytest.mark.parametrize(
    ("routes", "reason"),
    [("[]", "names no channel"), ('["taem"]', "references undefined channel 'taem'")],
)
def test_route_without_a_channel_is_a_usage_error(alerts, folder, routes, reason):
    (folder / "aurora.toml").write_text(f"[alerts.routes]\ninfo = {routes}\n")
    exit_code, _, err = alerts("test", "--route", "info")
    assert (exit_code, reason in err) == (2, True)


def test_route_is_required(alerts):
    assert alerts("test")[0] == 2
