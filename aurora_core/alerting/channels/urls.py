"""URLs of channels, parsed without loading a client."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from aurora_core.secrets import Secret

HTTP_PORTS: Final = {"http": 80, "https": 443}
SMTP_PORTS: Final = {"smtp": 25, "smtps": 465}


class WebhookUrl(NamedTuple):
    """A URL without user and password, and the headers that carry them."""

    url: str
    headers: Mapping[str, str]


class SmtpUrl(NamedTuple):
    """``encrypted`` means TLS from the first byte; port 0 is the default of the scheme."""

    encrypted: bool
    host: str
    port: int
    user: str | None
    password: str
    sender: str
    to: str


def parse_webhook_url(url: Secret) -> WebhookUrl:
    """Parse ``https://user:password@host/path``. Raises ``ValueError`` without showing the URL."""
    text = url.reveal()
    if not text.startswith(("http://", "https://")):
        raise ValueError("invalid url: expected http:// or https://")
    parts = urlsplit(text)
    user, at, host = parts.netloc.rpartition("@")
    token = b64encode(unquote(user).encode()).decode()
    bare = urlunsplit(parts._replace(netloc=host))
    return WebhookUrl(bare, {"Authorization": f"Basic {token}"} if at else {})


def parse_smtp_url(url: Secret) -> SmtpUrl:
    """Parse ``smtp://user:password@host:587?from=..&to=..``, or ``smtps``. Raises ``ValueError`` likewise."""
    try:
        parts = urlsplit(url.reveal())
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return SmtpUrl(
            encrypted={"smtp": False, "smtps": True}[parts.scheme],
            host=parts.hostname or "",
            port=parts.port or 0,
            user=None if parts.username is None else unquote(parts.username),
            password=unquote(parts.password or ""),
            sender=_require_one_line(query["from"]),
            to=_require_one_line(query["to"]),
        )
    except (KeyError, ValueError):
        expected = "smtp://host:587?from=a@example.com&to=b@example.com"
        raise ValueError(f"invalid url: expected {expected}") from None


def _require_one_line(text: str) -> str:
    """Return the text; ``ValueError`` for a line break, which would start a header of its own."""
    if not text.isprintable():
        raise ValueError
    return text
