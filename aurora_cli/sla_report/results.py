"""The report as plain values, for JSON and CSV."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from aurora_cli.sla_report.exclusions import Exclusion
from aurora_cli.sla_report.group_by import Group
from aurora_cli.sla_report.objectives import ObjectiveStatus
from aurora_cli.sla_report.report import SlaReport
from aurora_cli.sla_report.stats import PeriodStats


def build_results(report: SlaReport) -> list[Mapping[str, object]]:
    """Build one object per objective; times in milliseconds, shares from 0 to 1."""
    raw = None if report.raw is None else report.raw.objectives
    return [
        {
            **_status(status),
            "previous": report.before.objectives[number].value,
            "without_exclusions": None if raw is None else raw[number].value,
        }
        for number, status in enumerate(report.stats.objectives)
    ]


def build_summary(report: SlaReport) -> Mapping[str, object]:
    """Build the part of the report that does not belong to one objective."""
    stats = report.stats
    metrics = stats.total.metrics()
    return {
        "source": report.source,
        "window": _window(stats),
        "coverage": stats.coverage,
        "measured_minutes": stats.measured,
        "metrics": metrics,
        "burn_rates": {f"{burn.window_s:.0f}": burn.rate for burn in stats.burn_rates},
        "burn_alerts": [
            {
                "kind": state.alert.kind,
                "long_s": state.alert.long_s,
                "short_s": state.alert.short_s,
                "threshold": state.threshold,
                "firing": state.firing,
            }
            for state in stats.burn_alerts
        ],
        "incidents": [
            {
                "from": _utc(incident.start_s),
                "to": _utc(incident.end_s),
                "worst_error_rate": incident.worst,
                "calls_lost": incident.lost,
            }
            for incident in stats.incidents
        ],
        "previous": _window(report.before),
        "worst_hours": [_group(group) for group in report.worst_hours],
        "excluded": [_exclusion(gap) for gap in report.excluded],
        "backtest": None if report.backtest is None else [asdict(each) for each in report.backtest],
        "group_by": report.by,
        "groups": [_group(group) for group in report.groups],
    }


def _status(status: ObjectiveStatus) -> dict[str, object]:
    objective = status.objective
    return {
        "objective": objective.name,
        "unit": "ms" if objective.metric.endswith("_ms") else "share",
        "value": status.value,
        "target": objective.target,
        "alert_threshold": objective.alert_threshold,
        "required": objective.required,
        "basis": status.basis,
        "requests": status.requests,
        "bad": status.bad,
        "budget_allowed": status.budget.allowed,
        "budget_left": status.budget.left,
        "ci_low": status.interval.low,
        "ci_high": status.interval.high,
        "state": status.state,
    }


def _window(stats: PeriodStats) -> Mapping[str, object]:
    period = stats.period
    return {
        "label": period.label,
        "from": _utc(period.start_s),
        "to": _utc(period.end_s),
        "zone": period.zone.key,
        "minutes": stats.minutes,
    }


def _group(group: Group) -> Mapping[str, object]:
    return {"name": group.name, "metrics": group.total.metrics()}


def _exclusion(gap: Exclusion) -> Mapping[str, str]:
    return {"from": _utc(gap.start_s), "to": _utc(gap.end_s), "reason": gap.reason}


def _utc(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
