"""Letters by SMTP: ``smtp://user:password@host:port?from=a@example.com&to=b@example.com``.

``smtps`` begins encrypted; ``smtp`` goes over to encryption where the server offers it. A password never goes
in the clear, but on this machine.
"""

import smtplib
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from typing import Final, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from aurora_core.alerting.notice import Notice
from aurora_core.delivery.channels.channel import NO_ANSWER, NotTaken
from aurora_core.delivery.channels.deadline import cut_off_after
from aurora_core.security import Secret

_LIKE: Final = "its url is not like smtp://host:587?from=a@example.com&to=b@example.com"
_HERE: Final = ("localhost", "127.0.0.1", "::1")
_FOR_GOOD: Final = 500


class _Address(NamedTuple):
    encrypted: bool
    host: str
    port: int
    user: str | None
    password: str
    sender: str
    to: str


def mistake(url: Secret) -> str | None:
    """What is wrong with an address; None where nothing is."""
    try:
        _address(url)
    except NotTaken as error:
        return str(error)
    return None


class MailChannel:
    """A letter a message; the resolve is an answer to the letter of the fire."""

    def __init__(self, url: Secret, timeout_s: float) -> None:
        self._url = url
        self._timeout_s = timeout_s

    def payload(self, notice: Notice) -> str:
        """The letter."""
        return _letter(notice, _address(self._url)).as_string()

    def send(self, notice: Notice) -> str:
        """Hand it to the server."""
        address = _address(self._url)
        try:
            refused = self._handed(_letter(notice, address), address)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            refusal = _refusal(error, address)
        else:
            but = f", but for {', '.join(refused)}" if refused else ""
            return f"accepted for {address.to}{but}"
        raise refusal

    def _handed(self, letter: EmailMessage, address: _Address) -> dict[str, tuple[int, bytes]]:
        server = _server(address, self._timeout_s)
        with cut_off_after(self._timeout_s, lambda: getattr(server, "sock", None)), server:
            # starttls() wants it, and connect() forgets to keep it.
            server._host = address.host  # type: ignore[attr-defined]
            server.connect(address.host, address.port)
            encrypted = address.encrypted
            if not encrypted and server.ehlo()[0] < _FOR_GOOD and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                encrypted = True
            if address.user is not None:
                if not encrypted and address.host not in _HERE:
                    raise NotTaken("it offers no encryption, and the password stays here", for_good=True)
                server.login(address.user, address.password)
            return server.send_message(letter)


def _refusal(error: Exception, address: _Address) -> NotTaken:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = min(code for code, _ in error.recipients.values())
        return NotTaken(f"the server takes no letter for {address.to} ({code})", for_good=code >= _FOR_GOOD)
    if isinstance(error, smtplib.SMTPResponseException):
        return NotTaken(f"the server answered {error.smtp_code}", for_good=error.smtp_code >= _FOR_GOOD)
    if isinstance(error, ssl.SSLCertVerificationError):
        return NotTaken(f"its certificate does not hold: {error.verify_message}")
    return NotTaken(getattr(error, "strerror", None) or NO_ANSWER)


def _server(address: _Address, timeout_s: float) -> smtplib.SMTP:
    if address.encrypted:
        return smtplib.SMTP_SSL(timeout=timeout_s, context=ssl.create_default_context())
    return smtplib.SMTP(timeout=timeout_s)


def _address(url: Secret) -> _Address:
    try:
        parts = urlsplit(url.reveal())
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return _Address(
            encrypted={"smtp": False, "smtps": True}[parts.scheme],
            host=parts.hostname or "",
            port=parts.port or 0,
            user=None if parts.username is None else unquote(parts.username),
            password=unquote(parts.password or ""),
            sender=asked["from"],
            to=asked["to"],
        )
    except (KeyError, ValueError):
        raise NotTaken(_LIKE, for_good=True) from None


def _letter(notice: Notice, address: _Address) -> EmailMessage:
    letter = EmailMessage()
    name = sha256(notice.key.encode()).hexdigest()[:32]
    letter["From"], letter["To"] = address.sender, address.to
    letter["Subject"] = " ".join(f"[aurora] {notice.headline}".split())
    letter["Date"] = format_datetime(datetime.fromtimestamp(notice.at_s, UTC))
    letter["Message-ID"] = f"<{name}.{notice.event}@aurora>"
    if notice.event == "resolve":
        letter["In-Reply-To"] = letter["References"] = f"<{name}.fire@aurora>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(f"{notice.headline}\n\nrule: {notice.rule}\nat: {notice.at}\nkey: {notice.key}\n")
    return letter
