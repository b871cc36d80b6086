"""E-mail by SMTP within a time limit. A password never leaves this machine unencrypted."""

import smtplib
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from typing import Final

from aurora_core.alerting.channels.base import DeliveryError
from aurora_core.alerting.channels.transport.deadline import NO_ANSWER, cut_off_after
from aurora_core.alerting.channels.urls import SmtpUrl
from aurora_core.alerting.notification import Notification

_LOCAL_HOSTS: Final = ("localhost", "127.0.0.1", "::1")
_PERMANENT: Final = 500
"""RFC 5321, 4.2.1: a reply of 5yz is a permanent negative completion."""


def build_message(notification: Notification, url: SmtpUrl) -> EmailMessage:
    """Return the e-mail of a notification; its id follows from the notification's key."""
    message = EmailMessage()
    name = sha256(notification.key.encode()).hexdigest()[:32]
    message["From"], message["To"] = url.sender, url.to
    message["Subject"] = " ".join(f"[aurora] {notification.headline}".split())
    message["Date"] = format_datetime(datetime.fromtimestamp(notification.at_s, UTC))
    message["Message-ID"] = f"<{name}.{notification.event}@aurora>"
    if notification.event == "resolve":
        message["In-Reply-To"] = message["References"] = f"<{name}.fire@aurora>"
    message["Auto-Submitted"] = "auto-generated"
    lines = f"rule: {notification.rule}\nat: {notification.at}\nkey: {notification.key}\n"
    message.set_content(f"{notification.headline}\n\n{lines}")
    return message


def send(message: EmailMessage, url: SmtpUrl, timeout_s: float) -> str:
    """Hand an e-mail to the server and return who gets it. Raises ``DeliveryError``."""
    try:
        refused = _send(message, url, timeout_s)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        failure = _describe_failure(error, url)
    else:
        except_for = f", except for {', '.join(refused)}" if refused else ""
        return f"accepted for {url.to}{except_for}"
    raise failure


def _send(message: EmailMessage, url: SmtpUrl, timeout_s: float) -> dict[str, tuple[int, bytes]]:
    server = _connect(url, timeout_s)
    with cut_off_after(timeout_s, lambda: getattr(server, "sock", None)), server:
        # starttls() needs it, and connect() does not store it.
        server._host = url.host  # type: ignore[attr-defined]
        server.connect(url.host, url.port)
        encrypted = url.encrypted
        if not encrypted and server.ehlo()[0] < _PERMANENT and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            encrypted = True
        if url.user is not None:
            if not encrypted and url.host not in _LOCAL_HOSTS:
                reason = "the server offers no encryption, so the password was not sent"
                raise DeliveryError(reason, permanent=True)
            server.login(url.user, url.password)
        return server.send_message(message)


def _connect(url: SmtpUrl, timeout_s: float) -> smtplib.SMTP:
    if url.encrypted:
        return smtplib.SMTP_SSL(timeout=timeout_s, context=ssl.create_default_context())
    return smtplib.SMTP(timeout=timeout_s)


def _describe_failure(error: Exception, url: SmtpUrl) -> DeliveryError:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = min(code for code, _ in error.recipients.values())
        reason = f"the server refused the recipient {url.to} ({code})"
        return DeliveryError(reason, permanent=code >= _PERMANENT)
    if isinstance(error, smtplib.SMTPResponseException):
        reason = f"the server answered {error.smtp_code}"
        return DeliveryError(reason, permanent=error.smtp_code >= _PERMANENT)
    if isinstance(error, ssl.SSLCertVerificationError):
        return DeliveryError(f"invalid certificate: {error.verify_message}")
    return DeliveryError(getattr(error, "strerror", None) or NO_ANSWER)
