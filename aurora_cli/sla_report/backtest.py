"""What the alerts would have done over the period: the service's own state machine, minute by minute."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from aurora_cli.sla_report.incidents import Incident
from aurora_cli.sla_report.looks import BurnRates, Look, looks_at
from aurora_cli.sla_report.timeline import Minute
from aurora_core.alerting import AlertSeverity
from aurora_core.alerting.state import AlertState, Watch, advance, message
from aurora_core.metrics import RollupRow
from aurora_core.metrics.rollup_row import sum_by
from aurora_core.sla.budget import BURN_ALERTS
from aurora_core.time_units import HOUR_S, MINUTE_S

FLAP_S: Final = HOUR_S
"""Whoever fires again within an hour of being resolved, flaps."""

_OF_ERRORS: Final = ("error_rate", "success_rate")
"""The figures that see an incident, which is a stretch of errors."""


@dataclass(frozen=True)
class Backtest:
    """What an alert would have done.

    It would have ``fired`` so many times, ``flaps`` of them within an hour of being resolved, and would have
    been firing for ``firing_minutes`` in all. Of the period's ``incidents`` it saw as many as there are
    ``detect_minutes``, each so long after the incident began; None where it watches no errors.
    """

    alert: str
    severity: str
    window: str
    fired: int
    flaps: int
    firing_minutes: int
    incidents: int
    detect_minutes: Sequence[int] | None


class Fire(NamedTuple):
    """From the message that it fires to the one that it is resolved; seconds of UTC."""

    from_s: int
    to_s: int


@dataclass(frozen=True)
class History:
    """What is tried on: the slices of the period, their line, its incidents. What is kept as hours is not."""

    slices: Sequence[RollupRow]
    line: Sequence[Minute]
    incidents: Sequence[Incident]
    end_s: int

    def minutes(self) -> list[Minute]:
        """What is kept as single minutes."""
        return [minute for minute in self.line if minute.length_s == MINUTE_S]


def backtest(past: History, watches: Sequence[Watch], target: float, sla_window_s: float) -> list[Backtest]:
    """Try the rules, then the workbook's burn alerts for an availability ``target`` over the SLA's window."""
    minutes = past.minutes()
    if not minutes:
        return []
    first_s = minutes[0].start_s
    seen = [incident for incident in past.incidents if incident.start_s >= first_s]
    return [*_rules(past, watches, first_s, seen, target), *_burns(past, minutes, seen, target, sla_window_s)]


def _rules(
    past: History, watches: Sequence[Watch], first_s: int, incidents: Sequence[Incident], target: float
) -> list[Backtest]:
    fine = (piece for piece in past.slices if piece.length_s == MINUTE_S)
    totals = sum_by(fine, lambda piece: piece.start_s)
    looks: dict[str, list[Look]] = {}
    for window_s in {watch.window_s for watch in watches}:
        group = [watch for watch in watches if watch.window_s == window_s]
        found = looks_at(group, totals, first_s, past.end_s, target)
        looks.update({watch.rule.name: row for watch, row in zip(group, found, strict=True)})
    results = []
    for watch in watches:
        rule = watch.rule
        fires = _fires(looks[rule.name], watch.for_s, watch.clear_for_s)
        window = f"{watch.window_s / 60:g} min"
        detected = _detected(fires, incidents, watch.window_s) if rule.metric_name in _OF_ERRORS else None
        results.append(_summed(rule.name, rule.severity, window, fires, len(incidents), detected))
    return results


def _burns(
    past: History,
    minutes: Sequence[Minute],
    incidents: Sequence[Incident],
    target: float,
    sla_window_s: float,
) -> Iterator[Backtest]:
    rates = BurnRates(minutes, target)
    for alert in BURN_ALERTS:
        threshold = alert.threshold(sla_window_s)
        fires = _fires(rates.looks(alert, threshold, past.end_s))
        severity = AlertSeverity.CRITICAL if alert.kind == "page" else AlertSeverity.WARNING
        detected = _detected(fires, incidents, alert.short_s)
        window = f"{alert.long_s / HOUR_S:g} h, {alert.short_s / 60:g} min"
        name = f"burn rate {threshold:.3g}, {alert.kind}"
        yield _summed(name, severity, window, fires, len(incidents), detected)


def _fires(looks: Sequence[Look], for_s: float = 0.0, clear_for_s: float = 0.0) -> list[Fire]:
    state, fires, from_s = AlertState(), [], 0
    for now_s, holds in looks:
        before = state
        state = advance(before, holds=holds, now_s=now_s, for_s=for_s, clear_for_s=clear_for_s)
        told = message(before, state)
        if told == "fire":
            from_s = now_s
        elif told == "resolve":
            fires.append(Fire(from_s, now_s))
    if looks and message(state, AlertState()) == "resolve":
        fires.append(Fire(from_s, looks[-1].now_s))
    return fires


def _detected(fires: Sequence[Fire], incidents: Sequence[Incident], window_s: float) -> list[int]:
    """For each incident that was seen, the minutes from its beginning to the first fire."""
    minutes = []
    for incident in incidents:
        latest_s = incident.end_s + window_s  # the window still holds it then
        seen = [fire for fire in fires if fire.to_s > incident.start_s and fire.from_s <= latest_s]
        if seen:
            minutes.append(max(0, seen[0].from_s - incident.start_s) // MINUTE_S)
    return minutes


def _summed(
    alert: str,
    severity: AlertSeverity,
    window: str,
    fires: Sequence[Fire],
    incidents: int,
    detected: Sequence[int] | None,
) -> Backtest:
    again = pairwise(fires)
    return Backtest(
        alert=alert,
        severity=severity.value,
        window=window,
        fired=len(fires),
        flaps=sum(later.from_s - earlier.to_s < FLAP_S for earlier, later in again),
        firing_minutes=sum(fire.to_s - fire.from_s for fire in fires) // MINUTE_S,
        incidents=incidents,
        detect_minutes=detected,
    )
