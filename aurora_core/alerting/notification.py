"""The notification of an alert, before a channel formats it."""

import json
import math
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple, Self

from aurora_core.alerting.rules import AlertRule, describe

Event = Literal["fire", "resolve", "test"]

_LABELS: Final = {"fire": "FIRING", "resolve": "RESOLVED", "test": "TEST"}
_MINUTE_S: Final = 60
_HOUR_S: Final = 3600


class Notification(NamedTuple):
    """One message. A fire and its resolve have the same ``key``, and no other message has it.

    Times are seconds of UTC: ``at_s`` of the evaluation, ``fired_s`` of the fire. ``value`` is NaN if nothing
    was measured.
    """

    key: str
    event: Event
    rule: str
    summary: str
    severity: str
    metric_name: str
    value: float
    threshold: float
    at_s: float
    fired_s: float

    @property
    def text(self) -> str:
        """What happened, in one sentence."""
        if self.event == "test":
            return self.summary
        if self.event == "fire":
            return describe(self.summary, self.metric_name, self.value, self.threshold)
        now = "has no data" if math.isnan(self.value) else f"is {self.value:g}"
        duration = format_duration(self.at_s - self.fired_s)
        return f"{self.summary}: over after {duration} ({self.metric_name} {now})"

    @property
    def headline(self) -> str:
        """Event, severity and text."""
        return f"{_LABELS[self.event]} {self.severity}: {self.text}"

    @property
    def at(self) -> str:
        """The moment of the evaluation, as ISO 8601."""
        return _iso(self.at_s)

    def resolve(self, value: float, at_s: float) -> Self:
        """Return the notification that ends this one."""
        return self._replace(event="resolve", value=value, at_s=at_s)

    def to_json(self) -> str:
        """Return the JSON for the store; NaN is null."""
        fields = self._asdict()
        return json.dumps({**fields, "value": None if math.isnan(self.value) else self.value})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the notification that :meth:`to_json` wrote."""
        fields = json.loads(text)
        return cls(**{**fields, "value": math.nan if fields["value"] is None else fields["value"]})


def build_firing_notification(rule: AlertRule, value: float, at_s: float, host: str) -> Notification:
    """Return the notification of a rule that fires; ``host`` keeps the keys of two services apart."""
    return Notification(
        key=f"{rule.name}@{host}/{_iso(at_s)}",
        event="fire",
        rule=rule.name,
        summary=rule.description or rule.name,
        severity=rule.severity.value,
        metric_name=rule.metric_name,
        value=value,
        threshold=rule.threshold,
        at_s=at_s,
        fired_s=at_s,
    )


def build_test_notification(at_s: float, host: str) -> Notification:
    """Return a notification that tests a route; it belongs to no rule."""
    return Notification(
        key=f"aurora-test@{host}/{_iso(at_s)}",
        event="test",
        rule="aurora-test",
        summary="a test of this route; nothing is wrong",
        severity="info",
        metric_name="",
        value=math.nan,
        threshold=0.0,
        at_s=at_s,
        fired_s=at_s,
    )


def format_duration(seconds: float) -> str:
    """Return ``40 s``, ``12 min`` or ``3 h 5 min``."""
    if seconds < _MINUTE_S:
        return f"{seconds:.0f} s"
    minutes = round(seconds / _MINUTE_S)
    return f"{minutes} min" if seconds < _HOUR_S else f"{minutes // 60} h {minutes % 60} min"


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
