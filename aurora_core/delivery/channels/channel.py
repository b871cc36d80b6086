"""What a channel is: somewhere a message can go."""

from typing import Final, Protocol

from aurora_core.alerting.notice import Notice

NO_ANSWER: Final = "it hung up, or did not answer in time"


class NotTaken(Exception):  # noqa: N818 - says what happened
    """The channel did not take the message; why, without any secret.

    ``retry_after``: seconds that it asks to wait. ``for_good``: asking again does not help, as long as nobody
    mends the message or the settings.
    """

    def __init__(self, reason: str, *, retry_after: float = 0.0, for_good: bool = False) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.for_good = for_good


class Channel(Protocol):
    """Each kind is a file beside this one; ``made.py`` is the only list of them."""

    def payload(self, notice: Notice) -> str:
        """What would be sent, to the letter, but for secrets, which are masked."""
        ...

    def send(self, notice: Notice) -> str:
        """Send it within the channel's time limit, and say what was answered. Raises ``NotTaken``."""
        ...
