"""Slack, PagerDuty and webhooks, against servers that take a message, refuse it, hang or talk nonsense."""

import json
import math
import ssl
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import trustme
from delivery_servers import SECRET, drip, hang, hang_up, hook, nonsense, serving, talker

from aurora_core.alerting.notice import fire, trial
from aurora_core.alerting.rules import AlertRule, AlertSeverity
from aurora_core.delivery.channels.channel import NotTaken
from aurora_core.delivery.channels.made import Named, channel
from aurora_core.secrets import Secret

RULE = AlertRule("<slow> & bad", "p95_latency_ms", 1000, "gt", AlertSeverity.CRITICAL)
FIRE = fire(RULE, 1234.5, 1_795_000_000.0, "host")
RESOLVE = FIRE.resolved(math.nan, 1_795_000_720.0)
QUICK_S, ENOUGH_S = 0.2, 5.0


def made(kind, url=None, key=None, timeout_s=ENOUGH_S):
    return channel(Named(kind, url and Secret(url), key and Secret(key), timeout_s, "host"))


def refusal(kind, url, key=None, timeout_s=ENOUGH_S):
    with pytest.raises(NotTaken) as caught:
        made(kind, url, key, timeout_s).send(FIRE)
    assert SECRET not in str(caught.value)
    return caught.value


def test_slack_is_told_in_one_line_in_which_no_name_can_mention_anybody():
    with hook() as team:
        assert made("slack", team.url).send(FIRE) == "status 200"
        made("slack", team.url).send(RESOLVE)
    fired, resolved = (body["text"] for body in team.bodies())
    told = "&lt;slow&gt; &amp; bad (p95_latency_ms is 1234.5, threshold 1000)"
    assert fired == f":rotating_light: FIRING critical: {told}"
    told = "&lt;slow&gt; &amp; bad: over after 12 min (p95_latency_ms has no data)"
    assert resolved == f":white_check_mark: RESOLVED critical: {told}"


def test_a_webhook_is_told_all_with_one_key_on_fire_and_resolve():
    with hook() as team:
        made("webhook", team.url).send(FIRE)
        made("webhook", team.url).send(RESOLVE)
    fired, resolved = team.bodies()
    assert fired == {
        "event": "fire", "key": "<slow> & bad@host/2026-11-18T11:06:40.000Z", "rule": "<slow> & bad",
        "severity": "critical", "metric": "p95_latency_ms", "value": 1234.5, "threshold": 1000,
        "at": "2026-11-18T11:06:40.000Z", "message": FIRE.text,
    }  # fmt: skip
    assert (resolved["event"], resolved["key"], resolved["value"]) == ("resolve", fired["key"], None)


def test_pagerduty_is_triggered_and_resolved_under_one_key():
    with hook(lambda _: (202, {})) as team:
        for notice in (FIRE, RESOLVE):
            assert made("pagerduty", team.url, "R0UT1NG").send(notice) == "status 202"
    trigger, resolve = team.bodies()
    assert [trigger["event_action"], resolve["event_action"]] == ["trigger", "resolve"]
    assert trigger["dedup_key"] == resolve["dedup_key"] == FIRE.key
    assert trigger["routing_key"] == resolve["routing_key"] == "R0UT1NG"
    assert trigger["payload"] == {
        "summary": FIRE.text, "source": "host", "severity": "critical", "component": "aurora",
        "timestamp": "2026-11-18T11:06:40.000Z", "class": "<slow> & bad",
    }  # fmt: skip


def test_a_key_that_is_too_long_for_pagerduty_is_told_apart_from_another():
    long = [FIRE._replace(key=f"{'x' * 300}{number}") for number in range(2)]
    with hook() as team:
        for notice in (*long, long[0].resolved(0.0, 1.0)):
            made("pagerduty", team.url, "R0UT1NG").send(notice)
    first, second, resolve = (body["dedup_key"] for body in team.bodies())
    assert first == resolve != second
    assert len(first) <= 255


def test_a_test_page_is_over_at_once():
    with hook() as team:
        made("pagerduty", team.url, "R0UT1NG").send(trial(0.0, "host"))
    assert [body["event_action"] for body in team.bodies()] == ["trigger", "resolve"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_what_is_refused_for_good_is_not_asked_again(status):
    with hook(lambda _: (status, {})) as team:
        refused = refusal("webhook", team.url)
    assert (str(refused), refused.for_good) == (f"status {status}", True)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_come_right_is(status):
    with hook(lambda _: (status, {})) as team:
        refused = refusal("webhook", team.url)
    assert (refused.for_good, refused.retry_after) == (False, 0.0)


@pytest.mark.parametrize(
    ("header", "value", "seconds"),
    [("Retry-After", "17", 17.0), ("Retry-After-Ms", "2500", 2.5), ("Retry-After", "soon", 0.0)],
)
def test_a_429_says_how_long_to_wait(header, value, seconds):
    with hook(lambda _: (429, {header: value})) as team:
        assert refusal("slack", team.url).retry_after == seconds


def test_a_date_to_come_back_at_is_a_wait():
    far = format_datetime(datetime(2099, 1, 1, tzinfo=UTC), usegmt=True)
    with hook(lambda _: (503, {"Retry-After": far})) as team:
        assert refusal("slack", team.url).retry_after > 86_400


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirection_is_not_followed_since_the_message_would_be_lost_on_the_way(status):
    with hook(lambda _: (status, {"Location": "/elsewhere"})) as team:
        refused = refusal("webhook", team.url)
        assert (refused.for_good, "elsewhere" in str(refused)) == (True, True)
        assert len(team.bodies()) == 1


@pytest.mark.parametrize(
    ("talk", "told"),
    [
        (hang, "it hung up, or did not answer in time"),
        (hang_up, "it hung up, or did not answer in time"),
        (drip, ""),
        (nonsense, "what it answers is no HTTP (BadStatusLine)"),
    ],
)
def test_who_hangs_drips_or_talks_nonsense_is_left_within_the_time_limit(talk, told):
    with talker(talk) as port:
        refused = refusal("webhook", f"http://127.0.0.1:{port}/{SECRET}", timeout_s=QUICK_S)
    assert not refused.for_good
    assert str(refused).startswith(told)


def test_nobody_there_no_address_and_no_key_are_said():
    assert str(refusal("webhook", f"http://127.0.0.1:9/{SECRET}")) == "Connection refused"
    assert "Name or service not known" in str(refusal("slack", f"http://no-such-host.invalid/{SECRET}"))
    for odd in (f"ftp://host/{SECRET}", f"file:///{SECRET}", SECRET):
        assert str(refusal("webhook", odd)) == "its url is no http address"
    refusal("webhook", f"http://host:port/{SECRET}")
    assert str(refusal("slack", None)) == "it has no url"
    assert str(refusal("pagerduty", "http://127.0.0.1:9")) == "it has no key"


def test_a_user_and_a_password_in_the_address_are_shown_to_the_server_and_to_nobody_else():
    with hook() as team:
        sender = made("webhook", team.url.replace("http://", "http://ada:p%40ss@"))
        assert sender.send(FIRE) == "status 200"
        headers, _ = team.posted.get_nowait()
    assert headers["Authorization"] == "Basic YWRhOnBAc3M="  # ada:p@ss
    assert headers["Host"] == team.url.split("/")[2]
    assert "ada" not in sender.payload(FIRE)
    with pytest.raises(NotTaken, match="no http address"):
        made("webhook", "ftp://host/x").payload(FIRE)


@pytest.mark.parametrize(("kind", "key"), [("slack", None), ("webhook", None), ("pagerduty", SECRET)])
def test_what_would_be_sent_is_shown_to_the_letter_but_for_secrets(kind, key):
    with hook() as team:
        sender = made(kind, team.url, key)
        head, _, body = sender.payload(FIRE).partition("\n\n")
        sender.send(FIRE)
    host = team.url.partition("/services")[0]
    assert head.splitlines() == [f"POST {host}/****", "Content-Type: application/json"]
    headers, sent = team.posted.get_nowait()
    assert headers["Content-Type"] == "application/json"
    shown = json.loads(body)
    assert {**shown, "routing_key": ""} == {**sent, "routing_key": ""}
    assert SECRET not in sender.payload(FIRE)


@pytest.fixture
def encrypted(tmp_path):
    """``encrypted(authority, name)``: an HTTPS server with a certificate for that name: its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    def made_for(authority, name):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        server = HTTPServer(("127.0.0.1", 0), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        return serving(server)

    return made_for


def test_over_tls_the_certificate_must_hold(encrypted, tmp_path, monkeypatch):
    trusted, other = trustme.CA(), trustme.CA()
    trusted.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with encrypted(trusted, "localhost") as server:
        assert made("webhook", f"https://localhost:{server.server_port}/{SECRET}").send(FIRE) == "status 204"
        told = str(refusal("webhook", f"https://127.0.0.1:{server.server_port}/{SECRET}"))
        assert told.startswith("its certificate does not hold: IP address mismatch")
    with encrypted(other, "localhost") as server:
        told = str(refusal("webhook", f"https://localhost:{server.server_port}/{SECRET}"))
        assert told.startswith("its certificate does not hold: ")


def test_a_proxy_is_gone_through(monkeypatch):
    with hook() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.partition("/services")[0])
        monkeypatch.setenv("no_proxy", "")
        assert made("webhook", "http://hooks.invalid/x").send(FIRE) == "status 200"
        assert proxy.posted.get_nowait()[0]["Host"] == "hooks.invalid"
