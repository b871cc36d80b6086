"""PagerDuty's Events API, version 2.

Source: PagerDuty's documentation, "Send an alert event".
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

from aurora_core.alerting.notice import Notice
from aurora_core.delivery.channels.http import Form
from aurora_core.secrets import Secret

URL: Final = "https://events.pagerduty.com/v2/enqueue"
_LONGEST_KEY: Final = 255
_LONGEST_SUMMARY: Final = 1024


def form(routing_key: Secret, place: str) -> Form:
    """Trigger on a fire, resolve under the same key; a test is both at once, and wakes nobody for long."""

    def bodies(notice: Notice) -> Sequence[Mapping[str, object]]:
        event = {"routing_key": routing_key.reveal(), "dedup_key": _short(notice.key)}
        trigger = {**event, "event_action": "trigger", "payload": _payload(notice, place)}
        resolve = {**event, "event_action": "resolve"}
        if notice.event == "test":
            return [trigger, resolve]
        return [trigger if notice.event == "fire" else resolve]

    return bodies


def _short(key: str) -> str:
    """What is longer than PagerDuty takes is told apart all the same."""
    return key if len(key) <= _LONGEST_KEY else sha256(key.encode()).hexdigest()


def _payload(notice: Notice, place: str) -> Mapping[str, object]:
    return {
        "summary": notice.text[:_LONGEST_SUMMARY],
        "source": place,
        "severity": notice.severity,
        "timestamp": notice.at,
        "component": "aurora",
        "class": notice.rule,
    }
