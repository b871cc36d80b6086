"""What every channel is made of: its specification, its configuration, and what it can do."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from aurora_core.alerting.notification import Notification
from aurora_core.secrets import Secret

UNSET = Secret("")


class DeliveryError(Exception):
    """A channel did not accept the message; the text says why and holds no secret.

    ``retry_after`` is the number of seconds that it asks to wait. ``permanent``: sending the same message
    with the same settings again fails again.
    """

    def __init__(self, reason: str, *, retry_after: float = 0.0, permanent: bool = False) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.permanent = permanent


class Channel(Protocol):
    """Somewhere to send notifications."""

    def payload(self, notification: Notification) -> str:
        """Return exactly what would be sent, with secrets masked. Raises ``DeliveryError``."""
        ...

    def send(self, notification: Notification) -> str:
        """Send it within the channel's timeout and return the answer. Raises ``DeliveryError``."""
        ...


class ChannelConfig(NamedTuple):
    """The settings of a channel, empty if unset; ``host`` is what its messages name as their source."""

    url: Secret
    key: Secret
    timeout_s: float
    host: str


class ChannelSpec(NamedTuple):
    """A channel type: its name in the settings, one line of documentation, and how to build it.

    ``required`` settings must not be empty. ``validate_url`` raises ``ValueError`` for a URL that nothing can
    be sent to, without showing it. ``default_ports`` are those of each URL scheme, for network probes.
    Building a channel and validating its URL must not load a client: that is for ``send``.
    """

    type: str
    description: str
    build: Callable[[ChannelConfig], Channel]
    required: Sequence[Literal["url", "key"]] = ()
    validate_url: Callable[[Secret], object] = lambda _: None
    default_ports: Mapping[str, int] = {}
