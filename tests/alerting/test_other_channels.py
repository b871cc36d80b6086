"""E-mail, against a real SMTP server and against misbehaving ones; the log; Apprise."""

import logging
import math
import socket
import ssl
import sys
from email import message_from_bytes
from email.policy import default
from queue import Queue

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from channel_servers import SECRET, hang, hang_up, hook, talker

from aurora_core.alerting.channels.base import UNSET, ChannelConfig, DeliveryError
from aurora_core.alerting.channels.registry import build_channel
from aurora_core.alerting.notification import build_firing_notification
from aurora_core.alerting.rules import AlertRule, AlertSeverity
from aurora_core.secrets import Secret

RULE = AlertRule("slow", "p95_latency_ms", 1000, "gt", AlertSeverity.WARNING, "Answers are\nslow ☃")
FIRE = build_firing_notification(RULE, 1234.5, 1_795_000_000.0, "host")
RESOLVE = FIRE.resolve(math.nan, 1_795_000_720.0)
ADDRESSES = "from=a@example.com&to=b@example.com"


def build(kind, url="", timeout_s=5.0):
    return build_channel(kind, ChannelConfig(Secret(url), UNSET, timeout_s, "host"))


def fail_to_send(kind, url, timeout_s=5.0):
    with pytest.raises(DeliveryError) as caught:
        build(kind, url, timeout_s).send(FIRE)
    assert SECRET not in str(caught.value)
    return caught.value


class ChannelStats:
    """Accepts e-mails except for the recipients that it refuses."""

    def __init__(self, refusing=None):
        self.messages = Queue()
        self.refusing = refusing or {}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - its names
        if address in self.refusing:
            return self.refusing[address]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the same
        self.messages.put((session.ssl is not None, message_from_bytes(envelope.content, policy=default)))
        return "250 taken"


@pytest.fixture
def start_server():
    """``start_server(stats, **settings)``: a real SMTP server: its port."""
    running = []

    def start(stats, **settings):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        controller = Controller(stats, hostname="127.0.0.1", port=port, **settings)
        controller.start()
        running.append(controller)
        return port

    yield start
    for controller in running:
        controller.stop()


def test_email_of_the_resolve_replies_to_that_of_the_fire(start_server):
    stats = ChannelStats()
    url = f"smtp://127.0.0.1:{start_server(stats)}?{ADDRESSES}"
    assert build("smtp", url).send(FIRE) == "accepted for b@example.com"
    build("smtp", url).send(RESOLVE)
    (_, fired), (_, resolved) = stats.messages.get(), stats.messages.get()
    text = "Answers are slow ☃ (p95_latency_ms is 1234.5, threshold 1000)"
    assert fired["Subject"] == f"[aurora] FIRING warning: {text}"
    assert fired["Date"].datetime.timestamp() == FIRE.at_s
    assert (fired["From"], fired["To"]) == ("a@example.com", "b@example.com")
    assert resolved["In-Reply-To"] == fired["Message-ID"]
    assert resolved["Message-ID"] != fired["Message-ID"]
    assert FIRE.key in fired.get_content()
    shown = build("smtp", url).payload(FIRE)
    assert message_from_bytes(shown.encode(), policy=default)["Subject"] == fired["Subject"]


def test_password_is_sent_over_tls_only(start_server, tmp_path, monkeypatch):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    shown = []

    def authenticator(server, session, envelope, mechanism, data):
        shown.append((session.ssl is not None, data.login, data.password))
        return AuthResult(success=data.password == SECRET.encode(), handled=False)

    stats = ChannelStats()
    port = start_server(stats, tls_context=context, authenticator=authenticator, auth_required=True)
    build("smtp", f"smtp://ada:{SECRET}@localhost:{port}?{ADDRESSES}").send(FIRE)
    assert shown == [(True, b"ada", SECRET.encode())]
    assert stats.messages.get()[0] is True
    error = fail_to_send("smtp", f"smtp://ada:wrong@localhost:{port}?{ADDRESSES}")
    assert (str(error), error.permanent) == ("the server answered 535", True)
    reason = str(fail_to_send("smtp", f"smtp://ada:{SECRET}@127.0.0.1:{port}?{ADDRESSES}"))
    assert reason.startswith("invalid certificate")


def test_smtps_starts_encrypted(start_server, tmp_path, monkeypatch):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    stats = ChannelStats()
    url = f"smtps://localhost:{start_server(stats, ssl_context=context)}?{ADDRESSES}"
    assert build("smtp", url).send(FIRE) == "accepted for b@example.com"
    assert stats.messages.get()[1]["To"] == "b@example.com"


def test_password_is_never_sent_in_the_clear(start_server, monkeypatch):
    port = start_server(ChannelStats())
    monkeypatch.setattr("aurora_core.alerting.channels.transport.smtp._LOCAL_HOSTS", ())
    error = fail_to_send("smtp", f"smtp://ada:{SECRET}@127.0.0.1:{port}?{ADDRESSES}")
    assert (str(error), error.permanent) == (
        "the server offers no encryption, so the password was not sent",
        True,
    )


def test_refused_recipient_is_named(start_server):
    port = start_server(ChannelStats({"b@example.com": "550 nobody here", "c@example.com": "450 later"}))
    url = f"smtp://127.0.0.1:{port}?from=a@example.com&to="
    error = fail_to_send("smtp", f"{url}b@example.com")
    assert (str(error), error.permanent) == ("the server refused the recipient b@example.com (550)", True)
    assert not fail_to_send("smtp", f"{url}c@example.com").permanent
    assert (
        build("smtp", f"{url}d@example.com, b@example.com").send(FIRE).endswith(", except for b@example.com")
    )


def greet_and_hang(line, over):
    line.sendall(b"220 ready\r\n")
    over.wait(30)


def answer_nonsense(line, _over):
    line.sendall(b"\x00\xffwhat do you want?\r\n\r\n")


def drip_a_greeting(line, over):
    for character in b"220 " + b"x" * 8000:
        line.sendall(bytes([character]))
        if over.wait(0.02):
            return


# smtplib leaves the socket of a failed handshake to the garbage collector, which warns.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize("talk", [hang, hang_up, answer_nonsense, greet_and_hang, drip_a_greeting])
def test_hanging_or_nonsensical_server_is_left_within_the_timeout(talk):
    with talker(talk) as port:
        for scheme in ("smtp", "smtps"):
            assert not fail_to_send(
                "smtp", f"{scheme}://x:{SECRET}@127.0.0.1:{port}?{ADDRESSES}", timeout_s=0.2
            ).permanent


@pytest.mark.parametrize(
    "url",
    [
        "mailto:someone",
        "smtp://host",
        "smtp://host:x?from=a&to=b",
        "smtp://host?from=a&to=b%0aBcc:c",
        f"http://{SECRET}",
    ],
)
def test_invalid_url_names_the_expected_form(url):
    assert str(fail_to_send("smtp", url)).startswith("invalid url: expected smtp://")


def test_unreachable_server_is_named():
    assert str(fail_to_send("smtp", f"smtp://127.0.0.1:9?{ADDRESSES}")) == "Connection refused"


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (AlertSeverity.INFO, logging.INFO),
        (AlertSeverity.WARNING, logging.WARNING),
        (AlertSeverity.CRITICAL, 50),
    ],
)
def test_log_has_the_level_of_the_severity(caplog, severity, level):
    notification = build_firing_notification(
        AlertRule("slow", "error_rate", 0.1, "gt", severity), 0.2, 0.0, "host"
    )
    with caplog.at_level(logging.INFO):
        assert build("log").send(notification) == "logged"
        build("log").send(notification.resolve(0.0, 60.0))
    fired, resolved = caplog.records
    assert (fired.levelno, resolved.levelno) == (level, logging.INFO)
    assert (
        (fired.alert, fired.alert_key)
        == (notification.rule, notification.key)
        == (resolved.alert, resolved.alert_key)
    )
    assert fired.getMessage() in build("log").payload(notification)


# Apprise imports a deprecated module if it is there.
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_apprise_sends_to_its_urls():
    with hook() as team:
        url = team.url.replace("http://", "json://")
        assert build("apprise", url).send(FIRE) == "sent"
        (body,) = team.bodies()
    assert body["title"] == "FIRING warning"
    assert "p95_latency_ms is 1234.5" in body["message"]
    assert body["message"] in build("apprise", url).payload(FIRE)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_apprise_errors_are_reported(monkeypatch):
    assert str(fail_to_send("apprise", f"json://127.0.0.1:9/{SECRET}")) == "apprise could not send it"
    assert fail_to_send("apprise", f"nothing://{SECRET}").permanent
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert "pip install 'aurora-resilience[alerts]'" in str(fail_to_send("apprise", f"json://{SECRET}"))
