"""What the alerts would have done over the period: the service's own rules at the end of each minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from aurora_cli.exit_codes import UsageError
from aurora_cli.sla_report.incidents import Incident
from aurora_cli.sla_report.timeline import Minute
from aurora_core.alerting import AlertSeverity
from aurora_core.alerting.state import FiringPeriod, RuleConfig
from aurora_core.metrics import RollupRow
from aurora_core.metrics.rollup_row import sum_by
from aurora_core.sla.budget import BURN_ALERTS, BurnAlert
from aurora_core.time_units import HOUR_S, MINUTE_S

FLAP_S: Final = HOUR_S
"""An alert that fires again within an hour of being resolved flaps."""

_OF_ERRORS: Final = ("error_rate", "success_rate")
"""The metrics that detect an incident, which is a period of errors."""


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


def backtest(
    past: History, configs: Sequence[RuleConfig], target: float, sla_window_s: float
) -> list[Backtest]:
    """Try the rules, then the workbook's burn alerts for an availability ``target`` over the SLA's window.

    ``UsageError`` if NumPy is not installed: it is an extra that only a backtest needs.
    """
    try:
        from aurora_cli.sla_report import evaluations  # noqa: PLC0415 - brings NumPy
    except ModuleNotFoundError as error:
        install = "pip install 'aurora-resilience[replay]'"
        raise UsageError(f"--backtest-alerts needs {error.name}, which is not installed: {install}") from None
    minutes = past.minutes()
    if not minutes:
        return []
    first_s = minutes[0].start_s
    incidents = [incident for incident in past.incidents if incident.start_s >= first_s]
    fine = (piece for piece in past.slices if piece.length_s == MINUTE_S)
    totals = sum_by(fine, lambda piece: piece.start_s)
    rules = evaluations.replay_rules(totals, configs, first_s, past.end_s, target)
    thresholds = [alert.threshold(sla_window_s) for alert in BURN_ALERTS]
    burns = evaluations.replay_burn_alerts(minutes, thresholds, past.end_s, target)
    return [
        *(_describe_rule(*rule, incidents) for rule in zip(configs, rules, strict=True)),
        *(_describe_burn(*burn, incidents) for burn in zip(BURN_ALERTS, thresholds, burns, strict=True)),
    ]


def _describe_rule(
    config: RuleConfig, periods: Sequence[FiringPeriod], incidents: Sequence[Incident]
) -> Backtest:
    rule, window = config.rule, f"{config.window_s / 60:g} min"
    detects = config.window_s if rule.metric_name in _OF_ERRORS else None
    return _summarize(rule.name, rule.severity, window, periods, incidents, detects)


def _describe_burn(
    alert: BurnAlert, threshold: float, periods: Sequence[FiringPeriod], incidents: Sequence[Incident]
) -> Backtest:
    name = f"burn rate {threshold:.3g}, {alert.kind}"
    severity = AlertSeverity.CRITICAL if alert.kind == "page" else AlertSeverity.WARNING
    window = f"{alert.long_s / HOUR_S:g} h, {alert.short_s / 60:g} min"
    return _summarize(name, severity, window, periods, incidents, alert.short_s)


def _find_delays(
    periods: Sequence[FiringPeriod], incidents: Sequence[Incident], window_s: float
) -> list[int]:
    """Return the minutes from the beginning of each detected incident to its first fire."""
    delays = []
    for incident in incidents:
        latest_s = incident.end_s + window_s  # the window still holds it then
        seen = [each for each in periods if each.end_s > incident.start_s and each.start_s <= latest_s]
        if seen:
            delays.append(int(max(0, seen[0].start_s - incident.start_s) // MINUTE_S))
    return delays


def _summarize(
    alert: str,
    severity: AlertSeverity,
    window: str,
    periods: Sequence[FiringPeriod],
    incidents: Sequence[Incident],
    detects: float | None,
) -> Backtest:
    """``detects``: the window in seconds through which it sees incidents; None if it sees none."""
    delays = None if detects is None else _find_delays(periods, incidents, detects)
    return Backtest(
        alert=alert,
        severity=severity.value,
        window=window,
        fired=len(periods),
        flaps=sum(later.start_s - earlier.end_s < FLAP_S for earlier, later in pairwise(periods)),
        firing_minutes=int(sum(period.end_s - period.start_s for period in periods) // MINUTE_S),
        incidents=len(incidents),
        detect_minutes=delays,
    )
