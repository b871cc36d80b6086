"""Slack's incoming webhooks.

Source: Slack's documentation, "Sending messages using incoming webhooks" and "Formatting text".
"""

from collections.abc import Mapping, Sequence
from typing import Final

from aurora_core.alerting.channels.base import ChannelConfig, ChannelSpec
from aurora_core.alerting.channels.http import HttpChannel
from aurora_core.alerting.channels.urls import HTTP_PORTS, parse_webhook_url
from aurora_core.alerting.notification import Notification

_ICONS: Final = {"fire": ":rotating_light:", "resolve": ":white_check_mark:", "test": ":wrench:"}


def build_payload(notification: Notification) -> Sequence[Mapping[str, object]]:
    """Return one line of text; a rule's name can neither mention a channel nor make a link."""
    return [{"text": f"{_ICONS[notification.event]} {_escape(notification.headline)}"}]


def _build(config: ChannelConfig) -> HttpChannel:
    return HttpChannel(config.url, build_payload, config.timeout_s)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


SPEC: Final = ChannelSpec(
    type="slack",
    description="one line of text to an incoming webhook",
    build=_build,
    required=("url",),
    validate_url=parse_webhook_url,
    default_ports=HTTP_PORTS,
)
