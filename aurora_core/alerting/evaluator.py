"""The evaluation of all alert rules: from measured minutes to queued notifications, in one transaction."""

import math
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Final, NamedTuple

from aurora_core.alerting.notification import Notification, build_firing_notification
from aurora_core.alerting.rules import AlertSeverity
from aurora_core.alerting.state import AlertState, RuleConfig, advance, transition
from aurora_core.alerting.window_metrics import window_metrics, window_until
from aurora_core.metrics.rollup_row import sum_by
from aurora_core.secrets import Masker
from aurora_core.store.metrics import AlertStore, AlertTransaction, RuleState

ORPHANED_S: Final = 900.0
"""Seconds without an evaluation after which a stored rule counts as removed from the settings."""


class RuleResult(NamedTuple):
    """One rule at one evaluation: its metric (NaN: no data), its state, and its notification, if any.

    ``since_s`` is the start of the fire or of the pending state; infinite if the rule is ok.
    """

    config: RuleConfig
    value: float
    state: AlertState
    since_s: float
    notification: Notification | None


class Evaluation(NamedTuple):
    """All rules at one moment, seconds of UTC. ``measured``: a process was running in some rule's window."""

    at_s: float
    results: Sequence[RuleResult]
    measured: bool
    notifications: Sequence[Notification]


class RuleEvaluator:
    """Evaluates rules over the metrics of a store; several processes may, and each fire is notified once.

    ``channels_for`` names the channels of a severity, ``host`` is part of each key, ``availability`` is the
    target of burn rates. ``masker`` masks secrets in a notification.
    """

    def __init__(
        self,
        store: AlertStore,
        configs: Sequence[RuleConfig],
        channels_for: Callable[[AlertSeverity], Sequence[str]],
        *,
        host: str,
        availability: float,
        masker: Masker,
    ) -> None:
        self._book = store
        self._configs = configs
        self._channels_for = channels_for
        self._host = host
        self._availability = availability
        self._masker = masker

    def evaluate(self, now_s: float) -> Evaluation:
        """Advance each rule and queue its notification, all or nothing. Raises ``StoreError``."""
        results, notifications = [], []
        after: dict[str, RuleState] = {}
        with self._book.transaction() as page:
            before = page.rule_states()
            metrics_of = self._read_metrics(page, now_s)
            for config in self._configs:
                stored = before.pop(config.rule.name, RuleState(AlertState(), now_s))
                metrics = metrics_of[config.window_s]
                holds = None if metrics is None else config.holds(metrics)
                value = _value_of(metrics, config)
                current, notification = self._advance(config, stored, holds, value, now_s)
                if notification is not None:
                    page.enqueue(notification, current.channels or stored.channels)
                    notifications.append(notification)
                if current.state.status != "ok":
                    after[config.rule.name] = current
                results.append(RuleResult(config, value, current.state, _since(current), notification))
            notifications += _resolve_orphans(page, before, after, now_s)
            page.save_states(after)
        measured = any(metrics is not None for metrics in metrics_of.values())
        return Evaluation(now_s, results, measured, notifications)

    def _read_metrics(self, page: AlertTransaction, now_s: float) -> dict[float, Mapping[str, object] | None]:
        """Return the metrics of each window by its seconds, None if no process measured in it."""
        metrics_of: dict[float, Mapping[str, object] | None] = {}
        for window_s in {config.window_s for config in self._configs}:
            slices = page.rollups(*window_until(now_s, window_s))
            total = sum_by(slices, lambda _: None).get(None)
            metrics_of[window_s] = None if total is None else window_metrics(total, self._availability)
        return metrics_of

    def _advance(
        self, config: RuleConfig, stored: RuleState, holds: bool | None, value: float, now_s: float
    ) -> tuple[RuleState, Notification | None]:
        state = advance(
            stored.state,
            holds=holds,
            now_s=now_s,
            for_s=config.for_s,
            keep_firing_for_s=config.keep_firing_for_s,
        )
        changed = transition(stored.state, state)
        if changed == "fire":
            fired = build_firing_notification(config.rule, value, now_s, self._host)
            notification = fired._replace(summary=self._masker.mask(fired.summary))
            channels = tuple(self._channels_for(config.rule.severity))
            return RuleState(state, now_s, notification, channels), notification
        if changed == "resolve" and stored.notification is not None:
            return RuleState(state, now_s), stored.notification.resolve(value, now_s)
        return stored._replace(state=state, evaluated_s=now_s), None


def _value_of(metrics: Mapping[str, object] | None, config: RuleConfig) -> float:
    value = (metrics or {}).get(config.rule.metric_name)
    return float(value) if isinstance(value, Real) else math.nan


def _since(current: RuleState) -> float:
    if current.notification is not None:
        return current.notification.fired_s
    return current.state.since_s if current.state.status == "pending" else math.inf


def _resolve_orphans(
    page: AlertTransaction, left: dict[str, RuleState], after: dict[str, RuleState], now_s: float
) -> list[Notification]:
    """Resolve stored rules that no process evaluates any more; keep those of another version in ``after``.

    While two versions of a service run, one must not resolve what the other has fired.
    """
    notifications = []
    for rule, stored in left.items():
        if now_s - stored.evaluated_s < ORPHANED_S:
            after[rule] = stored
        elif stored.notification is not None:
            notification = stored.notification.resolve(math.nan, now_s)
            page.enqueue(notification, stored.channels)
            notifications.append(notification)
    return notifications
