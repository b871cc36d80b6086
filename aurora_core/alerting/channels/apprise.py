"""Any URL that Apprise understands; needs the extra ``[alerts]``."""

import importlib
from typing import Any, Final

from aurora_core.alerting.channels.base import ChannelConfig, ChannelSpec, DeliveryError
from aurora_core.alerting.channels.urls import HTTP_PORTS
from aurora_core.alerting.notification import Notification
from aurora_core.secrets import Secret


class AppriseChannel:
    """Hands each notification to Apprise, which has its own time limits."""

    def __init__(self, url: Secret) -> None:
        self._url = url

    def payload(self, notification: Notification) -> str:
        """Return title and body as Apprise gets them."""
        return f"title: {_title(notification)}\nbody: {notification.text}"

    def send(self, notification: Notification) -> str:
        """Let Apprise send it."""
        try:
            apprise: Any = importlib.import_module("apprise")
        except ModuleNotFoundError:
            reason = "apprise is not installed: pip install 'aurora-resilience[alerts]'"
            raise DeliveryError(reason, permanent=True) from None
        sender = apprise.Apprise()
        if not sender.add(self._url.reveal()):
            raise DeliveryError("invalid url: apprise does not support it", permanent=True)
        if not sender.notify(title=_title(notification), body=notification.text):
            raise DeliveryError("apprise could not send it")
        return "sent"


def _build(config: ChannelConfig) -> AppriseChannel:
    return AppriseChannel(config.url)


def _title(notification: Notification) -> str:
    return notification.headline.partition(":")[0]


SPEC: Final = ChannelSpec(
    type="apprise",
    description='title and text to any URL of Apprise (`pip install "aurora-resilience[alerts]"`)',
    build=_build,
    required=("url",),
    default_ports=HTTP_PORTS,
)
