"""From a condition that holds or does not to a message when it begins and one when it ends."""

import math
from collections.abc import Mapping
from numbers import Real
from typing import Final, Literal, NamedTuple

from aurora_core.alerting.rules import DEFAULT_RULES, AlertRule

Status = Literal["ok", "pending", "firing", "clearing"]
Message = Literal["fire", "resolve"]

CLEAR_FOR_S: Final = 300.0
"""So long a rule must be clear before it is resolved: what flaps is one fire, not thirty."""


class Watch(NamedTuple):
    """A rule and how it is watched; times in seconds.

    Its figure is of the last ``window_s``, and is silent below ``minimum_calls`` in them. The rule fires once
    it has held for ``for_s``, and is resolved once it has been clear for ``clear_for_s``.
    """

    rule: AlertRule
    window_s: float = 300.0
    minimum_calls: int = 1
    for_s: float = 0.0
    clear_for_s: float = 0.0

    def holds(self, figures: Mapping[str, object]) -> bool:
        """Whether the rule's condition holds for the figures of its window; no data fires nothing."""
        calls, value = figures.get("query_count", 0), figures.get(self.rule.metric_name)
        enough = isinstance(calls, Real) and float(calls) >= self.minimum_calls
        return enough and isinstance(value, Real) and self.rule.holds(float(value))


DEFAULT_WATCHES: Final = tuple(Watch(rule, clear_for_s=CLEAR_FOR_S) for rule in DEFAULT_RULES)
"""The guide's four rules, over five minutes."""


class AlertState(NamedTuple):
    """Where a rule stands, and since when it is pending or clearing."""

    status: Status = "ok"
    since_s: float = -math.inf

    @property
    def is_told(self) -> bool:
        """Whether whoever gets messages was told of the fire, and not yet of its end."""
        return self.status in ("firing", "clearing")


def advance(
    state: AlertState, *, holds: bool | None, now_s: float, for_s: float = 0.0, clear_for_s: float = 0.0
) -> AlertState:
    """The state after a look at ``now_s``; looks come in order of time, unless the clock was set back.

    ``holds`` is None where nothing was measured: then it stays, for that is no sign that all is well.
    """
    if holds is None:
        return state
    told = state.is_told
    if holds:
        if told:
            return AlertState("firing")
        since_s = min(state.since_s, now_s) if state.status == "pending" else now_s
        return AlertState("firing") if now_s - since_s >= for_s else AlertState("pending", since_s)
    if not told:
        return AlertState()
    since_s = min(state.since_s, now_s) if state.status == "clearing" else now_s
    return AlertState() if now_s - since_s >= clear_for_s else AlertState("clearing", since_s)


def message(before: AlertState, after: AlertState) -> Message | None:
    """What is to be told of the change: one message on fire, one on resolve."""
    if before.is_told == after.is_told:
        return None
    return "fire" if after.is_told else "resolve"
