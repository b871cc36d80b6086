"""From a channel of the settings to what sends: the only list of kinds."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, NoReturn

from aurora_core.alerting.notice import Notice
from aurora_core.delivery.channels import pagerduty, slack, webhook
from aurora_core.delivery.channels.by_apprise import AppriseChannel
from aurora_core.delivery.channels.channel import Channel, NotTaken
from aurora_core.delivery.channels.http import HttpChannel
from aurora_core.delivery.channels.log import LogChannel
from aurora_core.delivery.channels.mail import MailChannel
from aurora_core.security import Secret
from aurora_core.types import ChannelType


class Named(NamedTuple):
    """What the settings say of a channel; ``place`` is where messages are from, ``timeout_s`` their limit."""

    type: ChannelType
    url: Secret | None
    key: Secret | None
    timeout_s: float
    place: str


class Unfinished:
    """A channel without its address or key, as where a variable is not set: it takes nothing, and says so."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def payload(self, notice: Notice) -> NoReturn:  # noqa: ARG002 - what every channel takes
        """There is none."""
        raise NotTaken(self._reason)

    def send(self, notice: Notice) -> NoReturn:  # noqa: ARG002 - the same
        """It cannot be."""
        raise NotTaken(self._reason)


def _pagerduty(named: Named) -> Channel:
    if named.key is None:
        return Unfinished("it has no key")
    url = named.url or Secret(pagerduty.URL)
    return HttpChannel(url, pagerduty.form(named.key, named.place), named.timeout_s, [named.key])


def _addressed(make: Callable[[Secret, float], Channel]) -> Callable[[Named], Channel]:
    def made(named: Named) -> Channel:
        return Unfinished("it has no url") if named.url is None else make(named.url, named.timeout_s)

    return made


_KINDS: Final[Mapping[ChannelType, Callable[[Named], Channel]]] = {
    "log": lambda _: LogChannel(),
    "slack": _addressed(lambda url, timeout_s: HttpChannel(url, slack.form, timeout_s)),
    "pagerduty": _pagerduty,
    "webhook": _addressed(lambda url, timeout_s: HttpChannel(url, webhook.form, timeout_s)),
    "smtp": _addressed(MailChannel),
    "apprise": _addressed(lambda url, _: AppriseChannel(url)),
}


def channel(named: Named) -> Channel:
    """Make what sends."""
    return _KINDS[named.type](named)
