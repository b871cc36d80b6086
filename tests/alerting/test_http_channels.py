"""Slack, PagerDuty and webhooks, against servers that accept a message, refuse it, hang or misbehave."""

import json
import math
import ssl
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import trustme
from channel_servers import SECRET, drip, hang, hang_up, hook, nonsense, serving, talker

from aurora_core.alerting.channels.base import ChannelConfig, DeliveryError
from aurora_core.alerting.channels.registry import build_channel
from aurora_core.alerting.notification import build_firing_notification, build_test_notification
from aurora_core.alerting.rules import AlertRule, AlertSeverity
from aurora_core.secrets import Secret

RULE = AlertRule("<slow> & bad", "p95_latency_ms", 1000, "gt", AlertSeverity.CRITICAL)
FIRE = build_firing_notification(RULE, 1234.5, 1_795_000_000.0, "host")
RESOLVE = FIRE.resolve(math.nan, 1_795_000_720.0)
SHORT_S, LONG_S = 0.2, 5.0


def build(kind, url="", key="", timeout_s=LONG_S):
    return build_channel(kind, ChannelConfig(Secret(url), Secret(key), timeout_s, "host"))


def fail_to_send(kind, url, key="", timeout_s=LONG_S):
    with pytest.raises(DeliveryError) as caught:
        build(kind, url, key, timeout_s).send(FIRE)
    assert SECRET not in str(caught.value)
    return caught.value


def test_slack_gets_one_line_in_which_no_name_can_mention_a_channel():
    with hook() as team:
        assert build("slack", team.url).send(FIRE) == "status 200"
        build("slack", team.url).send(RESOLVE)
    fired, resolved = (body["text"] for body in team.bodies())
    text = "&lt;slow&gt; &amp; bad (p95_latency_ms is 1234.5, threshold 1000)"
    assert fired == f":rotating_light: FIRING critical: {text}"
    text = "&lt;slow&gt; &amp; bad: over after 12 min (p95_latency_ms has no data)"
    assert resolved == f":white_check_mark: RESOLVED critical: {text}"


def test_webhook_gets_all_fields_with_one_key_on_fire_and_resolve():
    with hook() as team:
        build("webhook", team.url).send(FIRE)
        build("webhook", team.url).send(RESOLVE)
    fired, resolved = team.bodies()
    assert fired == {
        "event": "fire", "key": "<slow> & bad@host/2026-11-18T11:06:40.000Z", "rule": "<slow> & bad",
        "severity": "critical", "metric": "p95_latency_ms", "value": 1234.5, "threshold": 1000,
        "at": "2026-11-18T11:06:40.000Z", "message": FIRE.text,
    }  # fmt: skip
    assert (resolved["event"], resolved["key"], resolved["value"]) == ("resolve", fired["key"], None)


def test_pagerduty_is_triggered_and_resolved_under_one_key():
    with hook(lambda _: (202, {})) as team:
        for notification in (FIRE, RESOLVE):
            assert build("pagerduty", team.url, "R0UT1NG").send(notification) == "status 202"
    trigger, resolve = team.bodies()
    assert [trigger["event_action"], resolve["event_action"]] == ["trigger", "resolve"]
    assert trigger["dedup_key"] == resolve["dedup_key"] == FIRE.key
    assert trigger["routing_key"] == resolve["routing_key"] == "R0UT1NG"
    assert trigger["payload"] == {
        "summary": FIRE.text, "source": "host", "severity": "critical", "component": "aurora",
        "timestamp": "2026-11-18T11:06:40.000Z", "class": "<slow> & bad",
    }  # fmt: skip


def test_keys_too_long_for_pagerduty_stay_distinct():
    long = [FIRE._replace(key=f"{'x' * 300}{number}") for number in range(2)]
    with hook() as team:
        for notification in (*long, long[0].resolve(0.0, 1.0)):
            build("pagerduty", team.url, "R0UT1NG").send(notification)
    first, second, resolve = (body["dedup_key"] for body in team.bodies())
    assert first == resolve != second
    assert len(first) <= 255


def test_test_page_ends_at_once():
    with hook() as team:
        build("pagerduty", team.url, "R0UT1NG").send(build_test_notification(0.0, "host"))
    assert [body["event_action"] for body in team.bodies()] == ["trigger", "resolve"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_client_error_is_permanent(status):
    with hook(lambda _: (status, {})) as team:
        error = fail_to_send("webhook", team.url)
    assert (str(error), error.permanent) == (f"status {status}", True)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_overload_and_server_error_are_not_permanent(status):
    with hook(lambda _: (status, {})) as team:
        error = fail_to_send("webhook", team.url)
    assert (error.permanent, error.retry_after) == (False, 0.0)


@pytest.mark.parametrize(
    ("header", "value", "seconds"),
    [("Retry-After", "17", 17.0), ("Retry-After-Ms", "2500", 2.5), ("Retry-After", "soon", 0.0)],
)
def test_retry_after_is_read(header, value, seconds):
    with hook(lambda _: (429, {header: value})) as team:
        assert fail_to_send("slack", team.url).retry_after == seconds


def test_retry_after_may_be_a_date():
    far = format_datetime(datetime(2099, 1, 1, tzinfo=UTC), usegmt=True)
    with hook(lambda _: (503, {"Retry-After": far})) as team:
        assert fail_to_send("slack", team.url).retry_after > 86_400


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirection_is_permanent_and_not_followed(status):
    with hook(lambda _: (status, {"Location": "/elsewhere"})) as team:
        error = fail_to_send("webhook", team.url)
        assert (error.permanent, "redirections are not followed" in str(error)) == (True, True)
        assert len(team.bodies()) == 1


@pytest.mark.parametrize(
    ("talk", "reason"),
    [
        (hang, "the server closed the connection or did not answer in time"),
        (hang_up, "the server closed the connection or did not answer in time"),
        (drip, ""),
        (nonsense, "the answer is not HTTP (BadStatusLine)"),
    ],
)
def test_hanging_or_nonsensical_server_is_left_within_the_timeout(talk, reason):
    with talker(talk) as port:
        error = fail_to_send("webhook", f"http://127.0.0.1:{port}/{SECRET}", timeout_s=SHORT_S)
    assert not error.permanent
    assert str(error).startswith(reason)


def test_error_names_what_is_missing_or_unreachable():
    assert str(fail_to_send("webhook", f"http://127.0.0.1:9/{SECRET}")) == "Connection refused"
    assert "Name or service not known" in str(fail_to_send("slack", f"http://no-such-host.invalid/{SECRET}"))
    for invalid in (f"ftp://host/{SECRET}", f"file:///{SECRET}", SECRET):
        assert str(fail_to_send("webhook", invalid)) == "invalid url: expected http:// or https://"
    fail_to_send("webhook", f"http://host:port/{SECRET}")
    assert str(fail_to_send("slack", "")) == "missing url: set `url` of the channel"
    assert str(fail_to_send("pagerduty", "http://127.0.0.1:9")) == "missing key: set `key` of the channel"


def test_credentials_in_the_url_go_to_the_server_only():
    with hook() as team:
        channel = build("webhook", team.url.replace("http://", "http://ada:p%40ss@"))
        assert channel.send(FIRE) == "status 200"
        headers, _ = team.posted.get_nowait()
    assert headers["Authorization"] == "Basic YWRhOnBAc3M="  # ada:p@ss
    assert headers["Host"] == team.url.split("/")[2]
    assert "ada" not in channel.payload(FIRE)
    with pytest.raises(DeliveryError, match="expected http"):
        build("webhook", "ftp://host/x").payload(FIRE)


@pytest.mark.parametrize(("kind", "key"), [("slack", ""), ("webhook", ""), ("pagerduty", SECRET)])
def test_payload_is_exactly_what_is_sent_with_secrets_masked(kind, key):
    with hook() as team:
        channel = build(kind, team.url, key)
        head, _, body = channel.payload(FIRE).partition("\n\n")
        channel.send(FIRE)
    host = team.url.partition("/services")[0]
    assert head.splitlines() == [f"POST {host}/****", "Content-Type: application/json"]
    headers, sent = team.posted.get_nowait()
    assert headers["Content-Type"] == "application/json"
    payload = json.loads(body)
    assert {**payload, "routing_key": ""} == {**sent, "routing_key": ""}
    assert SECRET not in channel.payload(FIRE)


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

    def serve(authority, name):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        server = HTTPServer(("127.0.0.1", 0), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        return serving(server)

    return serve


def test_tls_certificate_is_verified(encrypted, tmp_path, monkeypatch):
    trusted, other = trustme.CA(), trustme.CA()
    trusted.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with encrypted(trusted, "localhost") as server:
        assert build("webhook", f"https://localhost:{server.server_port}/{SECRET}").send(FIRE) == "status 204"
        reason = str(fail_to_send("webhook", f"https://127.0.0.1:{server.server_port}/{SECRET}"))
        assert reason.startswith("invalid certificate: IP address mismatch")
    with encrypted(other, "localhost") as server:
        reason = str(fail_to_send("webhook", f"https://localhost:{server.server_port}/{SECRET}"))
        assert reason.startswith("invalid certificate: ")


def test_proxy_is_used(monkeypatch):
    with hook() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.partition("/services")[0])
        monkeypatch.setenv("no_proxy", "")
        assert build("webhook", "http://hooks.invalid/x").send(FIRE) == "status 200"
        assert proxy.posted.get_nowait()[0]["Host"] == "hooks.invalid"
