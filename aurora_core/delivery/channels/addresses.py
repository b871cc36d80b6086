"""The addresses of channels, taken apart: light to load for whoever only looks at a configuration."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from aurora_core.security import Secret
from aurora_core.types import ChannelType


class HttpAddress(NamedTuple):
    """Without the user and password that it came with, and the headers that say them."""

    plain: str
    headers: Mapping[str, str]


class MailAddress(NamedTuple):
    """``encrypted`` from the first byte on; port 0 is that of the scheme."""

    encrypted: bool
    host: str
    port: int
    user: str | None
    password: str
    sender: str
    to: str


def http_address(url: Secret) -> HttpAddress:
    """``https://user:password@host/path``. ``ValueError`` where it is none; the address is not in it."""
    text = url.reveal()
    if not text.startswith(("http://", "https://")):
        raise ValueError("its url is no http address")
    parts = urlsplit(text)
    user, at, host = parts.netloc.rpartition("@")
    token = b64encode(unquote(user).encode()).decode()
    plain = urlunsplit(parts._replace(netloc=host))
    return HttpAddress(plain, {"Authorization": f"Basic {token}"} if at else {})


def mail_address(url: Secret) -> MailAddress:
    """``smtp://user:password@host:587?from=..&to=..``, or ``smtps``. ``ValueError`` where it is none."""
    try:
        parts = urlsplit(url.reveal())
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return MailAddress(
            encrypted={"smtp": False, "smtps": True}[parts.scheme],
            host=parts.hostname or "",
            port=parts.port or 0,
            user=None if parts.username is None else unquote(parts.username),
            password=unquote(parts.password or ""),
            sender=_in_one_line(asked["from"]),
            to=_in_one_line(asked["to"]),
        )
    except (KeyError, ValueError):
        wanted = "smtp://host:587?from=a@example.com&to=b@example.com"
        raise ValueError(f"its url is not like {wanted}") from None


def _in_one_line(text: str) -> str:
    """The text; ``ValueError`` where a line ends in it, for there a header of its own would begin."""
    if not text.isprintable():
        raise ValueError
    return text


_TAKEN_APART: Final[Mapping[ChannelType, Callable[[Secret], object]]] = {
    "slack": http_address,
    "pagerduty": http_address,
    "webhook": http_address,
    "smtp": mail_address,
}


def mistake(kind: ChannelType, url: Secret) -> str | None:
    """What is wrong with an address that nothing can be sent to; None where nothing seems to be."""
    look = _TAKEN_APART.get(kind)
    try:
        if look is not None:
            look(url)
    except ValueError as error:
        return str(error)
    return None
