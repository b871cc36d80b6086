"""Any URL that accepts JSON: one object with all fields of the notification."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from aurora_core.alerting.channels.base import ChannelConfig, ChannelSpec
from aurora_core.alerting.channels.http import HttpChannel
from aurora_core.alerting.channels.urls import HTTP_PORTS, parse_webhook_url
from aurora_core.alerting.notification import Notification


def build_payload(notification: Notification) -> Sequence[Mapping[str, object]]:
    """Return one object: ``event`` is fire, resolve or test; ``value`` is null without data."""
    return [
        {
            "event": notification.event,
            "key": notification.key,
            "rule": notification.rule,
            "severity": notification.severity,
            "metric": notification.metric_name,
            "value": None if math.isnan(notification.value) else notification.value,
            "threshold": notification.threshold,
            "at": notification.at,
            "message": notification.text,
        }
    ]


def _build(config: ChannelConfig) -> HttpChannel:
    return HttpChannel(config.url, build_payload, config.timeout_s)


SPEC: Final = ChannelSpec(
    type="webhook",
    description="one JSON object to any HTTP URL, see below",
    build=_build,
    required=("url",),
    validate_url=parse_webhook_url,
    default_ports=HTTP_PORTS,
)
