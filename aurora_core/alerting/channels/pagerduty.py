"""PagerDuty's Events API, version 2.

Source: PagerDuty's documentation, "Send an alert event".
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

from aurora_core.alerting.channels.base import ChannelConfig, ChannelSpec
from aurora_core.alerting.channels.http import BuildPayload, HttpChannel
from aurora_core.alerting.channels.urls import HTTP_PORTS, parse_webhook_url
from aurora_core.alerting.notification import Notification
from aurora_core.secrets import Secret

_DEFAULT_URL: Final = Secret("https://events.pagerduty.com/v2/enqueue")
_MAX_KEY_LENGTH: Final = 255
_MAX_SUMMARY_LENGTH: Final = 1024


def build_payload(routing_key: Secret, host: str) -> BuildPayload:
    """Trigger on a fire, resolve under the same key; a test does both at once, so that its page ends."""

    def build(notification: Notification) -> Sequence[Mapping[str, object]]:
        event = {"routing_key": routing_key.reveal(), "dedup_key": _shorten(notification.key)}
        trigger = {**event, "event_action": "trigger", "payload": _describe(notification, host)}
        resolve = {**event, "event_action": "resolve"}
        if notification.event == "test":
            return [trigger, resolve]
        return [trigger if notification.event == "fire" else resolve]

    return build


def _build(config: ChannelConfig) -> HttpChannel:
    payload = build_payload(config.key, config.host)
    return HttpChannel(config.url or _DEFAULT_URL, payload, config.timeout_s, [config.key])


def _shorten(key: str) -> str:
    """Return the key, or its hash if PagerDuty would not take the whole."""
    return key if len(key) <= _MAX_KEY_LENGTH else sha256(key.encode()).hexdigest()


def _describe(notification: Notification, host: str) -> Mapping[str, object]:
    return {
        "summary": notification.text[:_MAX_SUMMARY_LENGTH],
        "source": host,
        "severity": notification.severity,
        "timestamp": notification.at,
        "component": "aurora",
        "class": notification.rule,
    }


SPEC: Final = ChannelSpec(
    type="pagerduty",
    description="Events API v2: trigger, then resolve under one `dedup_key`",
    build=_build,
    required=("key",),
    validate_url=parse_webhook_url,
    default_ports=HTTP_PORTS,
)
