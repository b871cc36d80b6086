"""What is told of a rule: the message, before a channel puts it in its form."""

import json
import math
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple, Self

from aurora_core.alerting.rules import AlertRule, stated
from aurora_core.time_units import HOUR_S, MINUTE_S

Event = Literal["fire", "resolve", "test"]

_HEADS: Final = {"fire": "FIRING", "resolve": "RESOLVED", "test": "TEST"}


class Notice(NamedTuple):
    """One message. ``key`` is the same on a fire and on its resolve, and on no other.

    Times are seconds of UTC: ``at_s`` when it was seen, ``fired_s`` when the fire was. ``value`` is NaN where
    nothing was measured.
    """

    key: str
    event: Event
    rule: str
    what: str
    severity: str
    metric_name: str
    value: float
    threshold: float
    at_s: float
    fired_s: float

    @property
    def text(self) -> str:
        """What happened, in a sentence."""
        if self.event == "test":
            return self.what
        if self.event == "fire":
            return stated(self.what, self.metric_name, self.value, self.threshold)
        now = "has no data" if math.isnan(self.value) else f"is {self.value:g}"
        return f"{self.what}: over after {lasted(self.at_s - self.fired_s)} ({self.metric_name} {now})"

    @property
    def headline(self) -> str:
        """The same, and how loud it is."""
        return f"{_HEADS[self.event]} {self.severity}: {self.text}"

    @property
    def at(self) -> str:
        """When it was seen, as ISO 8601."""
        return _iso(self.at_s)

    def resolved(self, value: float, at_s: float) -> Self:
        """What is told when the fire is over."""
        return self._replace(event="resolve", value=value, at_s=at_s)

    def to_json(self) -> str:
        """For the store; NaN is null."""
        fields = self._asdict()
        return json.dumps({**fields, "value": None if math.isnan(self.value) else self.value})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The notice that was kept."""
        fields = json.loads(text)
        return cls(**{**fields, "value": math.nan if fields["value"] is None else fields["value"]})


def fire(rule: AlertRule, value: float, at_s: float, place: str) -> Notice:
    """What is told when a rule fires; ``place`` tells this service's key from another's."""
    return Notice(
        key=f"{rule.name}@{place}/{_iso(at_s)}",
        event="fire",
        rule=rule.name,
        what=rule.description or rule.name,
        severity=rule.severity.value,
        metric_name=rule.metric_name,
        value=value,
        threshold=rule.threshold,
        at_s=at_s,
        fired_s=at_s,
    )


def trial(at_s: float, place: str) -> Notice:
    """A message to see that one arrives; it is of no rule."""
    return Notice(
        key=f"aurora-test@{place}/{_iso(at_s)}",
        event="test",
        rule="aurora-test",
        what="a test of this route; nothing is wrong",
        severity="info",
        metric_name="",
        value=math.nan,
        threshold=0.0,
        at_s=at_s,
        fired_s=at_s,
    )


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def lasted(seconds: float) -> str:
    """``40 s``, ``12 min``, ``3 h 5 min``."""
    if seconds < MINUTE_S:
        return f"{seconds:.0f} s"
    minutes = round(seconds / MINUTE_S)
    return f"{minutes} min" if seconds < HOUR_S else f"{minutes // 60} h {minutes % 60} min"
