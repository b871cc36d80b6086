"""A test message through a channel, to see that it arrives."""

import importlib
import json
import logging
import smtplib
from email.message import EmailMessage
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, unquote, urlsplit
from urllib.request import Request, urlopen

from aurora_core.security import Secret
from aurora_core.words import ChannelType

TIMEOUT_S: Final = 5.0
_TEXT: Final = "aurora preflight: a test of this route; nothing is wrong"
_PAGERDUTY: Final = "https://events.pagerduty.com/v2/enqueue"
_KEY: Final = "aurora-preflight-test"


class NotSent(Exception):  # noqa: N818 - says what happened
    """The channel did not take the message; why, without any secret."""


def send_test(kind: ChannelType, url: Secret | None, key: Secret | None) -> str:
    """Send a test message and return what the channel answered. Raises ``NotSent``."""
    if kind == "log":
        logging.getLogger("aurora_core.alerting").warning(_TEXT)
        return "logged"
    if kind == "pagerduty":
        if key is None:
            raise NotSent("it has no key")
        return _page(url.reveal() if url else _PAGERDUTY, key.reveal())
    if url is None:
        raise NotSent("it has no url")
    if kind == "slack":
        return _post(url.reveal(), {"text": _TEXT})
    if kind == "webhook":
        return _post(url.reveal(), {"event": "test", "message": _TEXT, "key": _KEY})
    return _mail(url.reveal()) if kind == "smtp" else _by_apprise(url.reveal())


def _page(url: str, routing_key: str) -> str:
    """Trigger, and resolve at once under the same key: nobody is woken for long."""
    event: dict[str, Any] = {"routing_key": routing_key, "dedup_key": _KEY}
    payload = {"summary": _TEXT, "source": "aurora", "severity": "info"}
    _post(url, {**event, "event_action": "trigger", "payload": payload})
    return _post(url, {**event, "event_action": "resolve"})


def _post(url: str, content: dict[str, Any]) -> str:
    if not url.startswith(("http://", "https://")):
        raise NotSent("its url is no http address")
    body = json.dumps(content).encode()
    request = Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - checked above
    try:
        with urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310 - the same
            return f"status {response.status}"
    except HTTPError as error:
        with error:
            raise NotSent(f"status {error.code}") from None
    except (URLError, OSError, ValueError) as error:
        raise NotSent(str(getattr(error, "reason", error)) or type(error).__name__) from None


def _mail(url: str) -> str:
    """``smtp://user:password@host:port?from=a@example.com&to=b@example.com``; ``smtps`` begins encrypted."""
    parts = urlsplit(url)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not {"from", "to"} <= set(asked):
        raise NotSent("its url is not like smtp://host:587?from=a@example.com&to=b@example.com")
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = asked["from"], asked["to"], "aurora: test"
    letter.set_content(_TEXT)
    connect = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with connect(parts.hostname, parts.port or 0, timeout=TIMEOUT_S) as server:
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls()
            if parts.username is not None:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(letter)
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"the server answered {error.smtp_code}") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotSent(getattr(error, "strerror", None) or type(error).__name__) from None
    return f"accepted for {asked['to']}"


def _by_apprise(url: str) -> str:
    try:
        apprise: Any = importlib.import_module("apprise")
    except ModuleNotFoundError:
        raise NotSent("apprise is not installed: pip install 'aurora-resilience[alerts]'") from None
    sender = apprise.Apprise()
    if not sender.add(url):
        raise NotSent("apprise does not understand its url")
    if not sender.notify(body=_TEXT):
        raise NotSent("apprise could not send it")
    return "sent"
