"""A test message through each kind of channel, against servers that take it, refuse it or vanish."""

import json
import socketserver
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from aurora_core.alerting.sending import NotSent, send_test
from aurora_core.security import Secret


def running(server):
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    return thread


@pytest.fixture
def hook():
    """A server: ``hook(status)`` gives its address, and what was posted to it."""
    servers = []

    def made(status=200):
        posted = []

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self):
                posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        server = HTTPServer(("127.0.0.1", 0), Hook)
        servers.append((server, running(server)))
        return Secret(f"http://127.0.0.1:{server.server_port}/services/T0/B0/secret-token"), posted

    yield made
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def mail():
    """An SMTP server: ``mail(refused)`` gives its address, and the lines it was told."""
    servers = []

    def made(*, refused=False):
        heard = []

        class Mail(socketserver.StreamRequestHandler):
            def handle(self):
                self.wfile.write(b"220 ready\r\n")
                in_letter = False
                for raw in self.rfile:
                    line = raw.decode().strip()
                    heard.append(line)
                    if in_letter and line != ".":
                        continue
                    in_letter = line.upper() == "DATA"
                    if line.upper() == "QUIT":
                        self.wfile.write(b"221 bye\r\n")
                        return
                    if line.upper().startswith("RCPT") and refused:
                        self.wfile.write(b"550 nobody here\r\n")
                    else:
                        self.wfile.write(b"354 go on\r\n" if in_letter else b"250 fine\r\n")

        server = socketserver.TCPServer(("127.0.0.1", 0), Mail)
        servers.append((server, running(server)))
        return Secret(
            f"smtp://127.0.0.1:{server.server_address[1]}?from=a@example.com&to=b@example.com"
        ), heard

    yield made
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def test_slack_and_a_webhook_are_posted_to(hook):
    url, posted = hook()
    assert send_test("slack", url, None) == "status 200"
    assert send_test("webhook", url, None) == "status 200"
    assert posted[0] == {"text": "aurora preflight: a test of this route; nothing is wrong"}
    assert posted[1]["event"] == "test"


def test_pagerduty_is_told_and_told_that_it_is_over_under_one_key(hook):
    url, posted = hook(202)
    assert send_test("pagerduty", url, Secret("R0UT1NG")) == "status 202"
    assert [event["event_action"] for event in posted] == ["trigger", "resolve"]
    assert {event["dedup_key"] for event in posted} == {"aurora-preflight-test"}
    assert {event["routing_key"] for event in posted} == {"R0UT1NG"}


def test_a_letter_is_sent(mail):
    url, heard = mail()
    assert send_test("smtp", url, None) == "accepted for b@example.com"
    assert "rcpt TO:<b@example.com>" in [line.replace("RCPT", "rcpt") for line in heard]
    assert "Subject: aurora: test" in heard


def test_a_log_is_written_to(caplog):
    assert send_test("log", None, None) == "logged"
    assert "a test of this route" in caplog.text


def test_what_does_not_take_it_is_said_without_its_secret(hook, mail):
    url, _ = hook(403)
    refused, _ = mail(refused=True)
    gone = Secret("http://127.0.0.1:9/secret-token")
    for kind, address, key, said in (
        ("slack", url, None, "status 403"),
        ("webhook", gone, None, "refused"),
        ("pagerduty", gone, None, "it has no key"),
        ("slack", None, None, "it has no url"),
        ("webhook", Secret("ftp://host/secret-token"), None, "no http address"),
        ("smtp", refused, None, "SMTPRecipientsRefused"),
        ("smtp", Secret("smtp://127.0.0.1:9?from=a@b.c&to=d@e.f"), None, "refused"),
        ("smtp", Secret("mailto:someone"), None, "is not like smtp://"),
        ("apprise", Secret("json://host/secret-token"), None, "apprise"),
    ):
        with pytest.raises(NotSent) as problem:
            send_test(kind, address, key)
        assert said in str(problem.value)
        assert "secret-token" not in str(problem.value)
