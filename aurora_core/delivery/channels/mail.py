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
from typing import Final

from aurora_core.alerting.notice import Notice
from aurora_core.delivery.channels.addresses import MailAddress, mail_address
from aurora_core.delivery.channels.channel import NO_ANSWER, NotTaken
from aurora_core.delivery.channels.deadline import cut_off_after
from aurora_core.secrets import Secret

_HERE: Final = ("localhost", "127.0.0.1", "::1")
_FOR_GOOD: Final = 500


class MailChannel:
    """A letter a message; the resolve is an answer to the letter of the fire."""

    def __init__(self, url: Secret, timeout_s: float) -> None:
        self._url = url
        self._timeout_s = timeout_s

    def payload(self, notice: Notice) -> str:
        """The letter."""
        return _letter(notice, _taken_apart(self._url)).as_string()

    def send(self, notice: Notice) -> str:
        """Hand it to the server."""
        address = _taken_apart(self._url)
        try:
            refused = self._handed(_letter(notice, address), address)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            refusal = _refusal(error, address)
        else:
            but = f", but for {', '.join(refused)}" if refused else ""
            return f"accepted for {address.to}{but}"
        raise refusal

    def _handed(self, letter: EmailMessage, address: MailAddress) -> dict[str, tuple[int, bytes]]:
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


def _refusal(error: Exception, address: MailAddress) -> NotTaken:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = min(code for code, _ in error.recipients.values())
        return NotTaken(f"the server takes no letter for {address.to} ({code})", for_good=code >= _FOR_GOOD)
    if isinstance(error, smtplib.SMTPResponseException):
        return NotTaken(f"the server answered {error.smtp_code}", for_good=error.smtp_code >= _FOR_GOOD)
    if isinstance(error, ssl.SSLCertVerificationError):
        return NotTaken(f"its certificate does not hold: {error.verify_message}")
    return NotTaken(getattr(error, "strerror", None) or NO_ANSWER)


def _server(address: MailAddress, timeout_s: float) -> smtplib.SMTP:
    if address.encrypted:
        return smtplib.SMTP_SSL(timeout=timeout_s, context=ssl.create_default_context())
    return smtplib.SMTP(timeout=timeout_s)


def _taken_apart(url: Secret) -> MailAddress:
    try:
        return mail_address(url)
    except ValueError as error:
        raise NotTaken(str(error), for_good=True) from None


def _letter(notice: Notice, address: MailAddress) -> EmailMessage:
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
