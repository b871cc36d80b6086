"""The state machine of an alert rule: one notification when it fires, one when it is resolved.

The service, the replay and the backtest all run it: live through :func:`advance`, over the past through
:func:`replay`.
"""

import math
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Final, Literal, NamedTuple

from aurora_core.alerting.rules import DEFAULT_RULES, AlertRule

Status = Literal["ok", "pending", "firing", "recovering"]
Transition = Literal["fire", "resolve"]

KEEP_FIRING_FOR_S: Final = 300.0
"""Seconds for which a rule must be clear before it is resolved: one that flaps fires once, not often."""


class RuleConfig(NamedTuple):
    """A rule and how it is evaluated; times in seconds.

    Its metric covers the last ``window_s`` and counts as absent below ``minimum_calls`` in them. The rule
    fires after it has held for ``for_s``, and is resolved when it has been clear for ``keep_firing_for_s``.
    """

    rule: AlertRule
    window_s: float = 300.0
    minimum_calls: int = 1
    for_s: float = 0.0
    keep_firing_for_s: float = 0.0

    def holds(self, metrics: Mapping[str, object]) -> bool:
        """Return whether the condition holds for the metrics of the window; it never does without data."""
        calls, value = metrics.get("query_count", 0), metrics.get(self.rule.metric_name)
        enough = isinstance(calls, Real) and float(calls) >= self.minimum_calls
        return enough and isinstance(value, Real) and self.rule.holds(float(value))


DEFAULT_RULE_CONFIGS: Final = tuple(
    RuleConfig(rule, keep_firing_for_s=KEEP_FIRING_FOR_S) for rule in DEFAULT_RULES
)
"""The guide's four rules, over five minutes."""


class AlertState(NamedTuple):
    """The status of a rule, and since when it has been pending or recovering."""

    status: Status = "ok"
    since_s: float = -math.inf

    @property
    def is_notified(self) -> bool:
        """Whether the fire was notified, and its end was not yet."""
        return self.status in ("firing", "recovering")


class FiringPeriod(NamedTuple):
    """From the evaluation that fires to the one that resolves; infinite while the rule still fires."""

    start_s: float
    end_s: float


def advance(
    state: AlertState, *, holds: bool | None, now_s: float, for_s: float = 0.0, keep_firing_for_s: float = 0.0
) -> AlertState:
    """Return the state after an evaluation at ``now_s``; the times ascend, unless the clock is set back.

    ``holds`` is None if nothing was measured. The state is kept then: absence of data resolves nothing.
    """
    if holds is None:
        return state
    notified = state.is_notified
    if holds:
        if notified:
            return AlertState("firing")
        since_s = min(state.since_s, now_s) if state.status == "pending" else now_s
        return AlertState("firing") if now_s - since_s >= for_s else AlertState("pending", since_s)
    if not notified:
        return AlertState()
    since_s = min(state.since_s, now_s) if state.status == "recovering" else now_s
    return AlertState() if now_s - since_s >= keep_firing_for_s else AlertState("recovering", since_s)


def transition(before: AlertState, after: AlertState) -> Transition | None:
    """Return what to notify of a change of state: one ``fire``, then one ``resolve``."""
    if before.is_notified == after.is_notified:
        return None
    return "fire" if after.is_notified else "resolve"


def replay(
    samples: Iterable[tuple[float, bool | None]], for_s: float = 0.0, keep_firing_for_s: float = 0.0
) -> list[FiringPeriod]:
    """Return the periods in which a rule fired over ``(now_s, holds)`` samples of the past, oldest first."""
    state, periods, start_s = AlertState(), list[FiringPeriod](), math.inf
    for now_s, holds in samples:
        before = state
        state = advance(before, holds=holds, now_s=now_s, for_s=for_s, keep_firing_for_s=keep_firing_for_s)
        changed = transition(before, state)
        if changed == "fire":
            start_s = now_s
        elif changed == "resolve":
            periods.append(FiringPeriod(start_s, now_s))
    if state.is_notified:
        periods.append(FiringPeriod(start_s, math.inf))
    return periods
