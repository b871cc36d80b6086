"""Letters, against a real SMTP server and against ones that should not be; the log; Apprise."""

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
from delivery_servers import SECRET, hang, hang_up, hook, talker

from aurora_core.alerting.notice import fire
from aurora_core.alerting.rules import AlertRule, AlertSeverity
from aurora_core.delivery.channels.channel import NotTaken
from aurora_core.delivery.channels.made import Named, channel
from aurora_core.secrets import Secret

RULE = AlertRule("slow", "p95_latency_ms", 1000, "gt", AlertSeverity.WARNING, "Answers are\nslow ☃")
FIRE = fire(RULE, 1234.5, 1_795_000_000.0, "host")
RESOLVE = FIRE.resolved(math.nan, 1_795_000_720.0)
ADDRESSES = "from=a@example.com&to=b@example.com"


def made(kind, url=None, timeout_s=5.0):
    return channel(Named(kind, url and Secret(url), None, timeout_s, "host"))


def refusal(kind, url, timeout_s=5.0):
    with pytest.raises(NotTaken) as caught:
        made(kind, url, timeout_s).send(FIRE)
    assert SECRET not in str(caught.value)
    return caught.value


class Postbox:
    """Takes letters for everybody but those it was told not to."""

    def __init__(self, refusing=None):
        self.letters = Queue()
        self.refusing = refusing or {}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - its names
        if address in self.refusing:
            return self.refusing[address]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the same
        self.letters.put((session.ssl is not None, message_from_bytes(envelope.content, policy=default)))
        return "250 taken"


@pytest.fixture
def post():
    """``post(postbox, **settings)``: a real SMTP server: its port."""
    running = []

    def started(postbox, **settings):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        controller = Controller(postbox, hostname="127.0.0.1", port=port, **settings)
        controller.start()
        running.append(controller)
        return port

    yield started
    for controller in running:
        controller.stop()


def test_the_letter_of_the_end_answers_that_of_the_beginning(post):
    postbox = Postbox()
    url = f"smtp://127.0.0.1:{post(postbox)}?{ADDRESSES}"
    assert made("smtp", url).send(FIRE) == "accepted for b@example.com"
    made("smtp", url).send(RESOLVE)
    (_, fired), (_, resolved) = postbox.letters.get(), postbox.letters.get()
    told = "Answers are slow ☃ (p95_latency_ms is 1234.5, threshold 1000)"
    assert fired["Subject"] == f"[aurora] FIRING warning: {told}"
    assert fired["Date"].datetime.timestamp() == FIRE.at_s
    assert (fired["From"], fired["To"]) == ("a@example.com", "b@example.com")
    assert resolved["In-Reply-To"] == fired["Message-ID"]
    assert resolved["Message-ID"] != fired["Message-ID"]
    assert FIRE.key in fired.get_content()
    shown = made("smtp", url).payload(FIRE)
    assert message_from_bytes(shown.encode(), policy=default)["Subject"] == fired["Subject"]


def test_a_password_is_shown_over_encryption_only(post, tmp_path, monkeypatch):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    shown = []

    def authenticator(server, session, envelope, mechanism, data):
        shown.append((session.ssl is not None, data.login, data.password))
        return AuthResult(success=data.password == SECRET.encode(), handled=False)

    postbox = Postbox()
    port = post(postbox, tls_context=context, authenticator=authenticator, auth_required=True)
    made("smtp", f"smtp://ada:{SECRET}@localhost:{port}?{ADDRESSES}").send(FIRE)
    assert shown == [(True, b"ada", SECRET.encode())]
    assert postbox.letters.get()[0] is True
    refused = refusal("smtp", f"smtp://ada:wrong@localhost:{port}?{ADDRESSES}")
    assert (str(refused), refused.for_good) == ("the server answered 535", True)
    told = str(refusal("smtp", f"smtp://ada:{SECRET}@127.0.0.1:{port}?{ADDRESSES}"))
    assert told.startswith("its certificate does not hold")


def test_a_server_that_begins_encrypted_is_spoken_to_so(post, tmp_path, monkeypatch):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    postbox = Postbox()
    url = f"smtps://localhost:{post(postbox, ssl_context=context)}?{ADDRESSES}"
    assert made("smtp", url).send(FIRE) == "accepted for b@example.com"
    assert postbox.letters.get()[1]["To"] == "b@example.com"


def test_a_password_never_goes_in_the_clear(post, monkeypatch):
    port = post(Postbox())
    monkeypatch.setattr("aurora_core.delivery.channels.mail._HERE", ())
    refused = refusal("smtp", f"smtp://ada:{SECRET}@127.0.0.1:{port}?{ADDRESSES}")
    assert (str(refused), refused.for_good) == ("it offers no encryption, and the password stays here", True)


def test_who_may_not_have_a_letter_is_said(post):
    port = post(Postbox({"b@example.com": "550 nobody here", "c@example.com": "450 later"}))
    url = f"smtp://127.0.0.1:{port}?from=a@example.com&to="
    refused = refusal("smtp", f"{url}b@example.com")
    assert (str(refused), refused.for_good) == ("the server takes no letter for b@example.com (550)", True)
    assert not refusal("smtp", f"{url}c@example.com").for_good
    assert made("smtp", f"{url}d@example.com, b@example.com").send(FIRE).endswith(", but for b@example.com")


def greet_and_hang(line, over):
    line.sendall(b"220 ready\r\n")
    over.wait(30)


def talk_nonsense(line, _over):
    line.sendall(b"\x00\xffwhat do you want?\r\n\r\n")


def drip_a_greeting(line, over):
    for letter in b"220 " + b"x" * 8000:
        line.sendall(bytes([letter]))
        if over.wait(0.02):
            return


# smtplib leaves the socket of a handshake that failed to the collector, which says so.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize("talk", [hang, hang_up, talk_nonsense, greet_and_hang, drip_a_greeting])
def test_a_server_that_hangs_or_talks_nonsense_is_left_within_the_time_limit(talk):
    with talker(talk) as port:
        for scheme in ("smtp", "smtps"):
            assert not refusal(
                "smtp", f"{scheme}://x:{SECRET}@127.0.0.1:{port}?{ADDRESSES}", timeout_s=0.2
            ).for_good


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
def test_an_address_that_is_none_is_said(url):
    assert str(refusal("smtp", url)).startswith("its url is not like smtp://")


def test_nobody_there_is_said():
    assert str(refusal("smtp", f"smtp://127.0.0.1:9?{ADDRESSES}")) == "Connection refused"


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (AlertSeverity.INFO, logging.INFO),
        (AlertSeverity.WARNING, logging.WARNING),
        (AlertSeverity.CRITICAL, 50),
    ],
)
def test_the_log_is_as_loud_as_the_rule(caplog, severity, level):
    notice = fire(AlertRule("slow", "error_rate", 0.1, "gt", severity), 0.2, 0.0, "host")
    with caplog.at_level(logging.INFO):
        assert made("log").send(notice) == "logged"
        made("log").send(notice.resolved(0.0, 60.0))
    fired, resolved = caplog.records
    assert (fired.levelno, resolved.levelno) == (level, logging.INFO)
    assert (fired.alert, fired.alert_key) == (notice.rule, notice.key) == (resolved.alert, resolved.alert_key)
    assert fired.getMessage() in made("log").payload(notice)


# Apprise looks for a module that is deprecated, and does without it.
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_apprise_sends_to_whatever_it_understands():
    with hook() as team:
        address = team.url.replace("http://", "json://")
        assert made("apprise", address).send(FIRE) == "sent"
        (body,) = team.bodies()
    assert body["title"] == "FIRING warning"
    assert "p95_latency_ms is 1234.5" in body["message"]
    assert body["message"] in made("apprise", address).payload(FIRE)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_apprise_says_what_it_cannot(monkeypatch):
    assert str(refusal("apprise", f"json://127.0.0.1:9/{SECRET}")) == "apprise could not send it"
    assert refusal("apprise", f"nothing://{SECRET}").for_good
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert "pip install 'aurora-resilience[alerts]'" in str(refusal("apprise", f"json://{SECRET}"))
