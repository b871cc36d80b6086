"""The report in plain values, for machines."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from aurora_cli.sla_report.exclusions import Exclusion
from aurora_cli.sla_report.figures import Figures
from aurora_cli.sla_report.groups import Group
from aurora_cli.sla_report.report import Report
from aurora_cli.sla_report.standing import Standing


def results(report: Report) -> list[Mapping[str, object]]:
    """An object an objective; times in milliseconds, shares from 0 to 1."""
    raw = None if report.raw is None else report.raw.standings
    return [
        {
            **_standing(standing),
            "before": report.before.standings[number].value,
            "raw": None if raw is None else raw[number].value,
        }
        for number, standing in enumerate(report.figures.standings)
    ]


def summary(report: Report) -> Mapping[str, object]:
    """Everything that is not of one objective."""
    figures = report.figures
    metrics = figures.total.metrics()
    return {
        "source": report.source,
        "window": _window(figures),
        "coverage": figures.coverage,
        "measured_minutes": figures.measured,
        "metrics": metrics,
        "burn_rates": {f"{burn.window_s:.0f}": burn.rate for burn in figures.burns},
        "burn_alerts": [
            {
                "kind": state.alert.kind,
                "long_s": state.alert.long_s,
                "short_s": state.alert.short_s,
                "threshold": state.threshold,
                "firing": state.firing,
            }
            for state in figures.burn_states
        ],
        "incidents": [
            {
                "from": _utc(incident.start_s),
                "to": _utc(incident.end_s),
                "worst_error_rate": incident.worst,
                "calls_lost": incident.lost,
            }
            for incident in figures.incidents
        ],
        "before": _window(report.before),
        "worst_hours": [_group(group) for group in report.worst_hours],
        "excluded": [_exclusion(gap) for gap in report.excluded],
        "backtest": None if report.backtest is None else [asdict(each) for each in report.backtest],
        "by": report.by,
        "groups": [_group(group) for group in report.groups],
    }


def _standing(standing: Standing) -> dict[str, object]:
    objective = standing.objective
    return {
        "objective": objective.name,
        "value": standing.value,
        "target": objective.target,
        "alert_threshold": objective.alert_threshold,
        "required": objective.required,
        "counted": standing.counted,
        "requests": standing.requests,
        "bad": standing.bad,
        "budget_allowed": standing.budget.allowed,
        "budget_left": standing.budget.left,
        "interval_low": standing.interval.low,
        "interval_high": standing.interval.high,
        "state": standing.state,
    }


def _window(figures: Figures) -> Mapping[str, object]:
    period = figures.period
    return {
        "label": period.label,
        "from": _utc(period.start_s),
        "to": _utc(period.end_s),
        "zone": period.zone.key,
        "minutes": figures.minutes,
    }


def _group(group: Group) -> Mapping[str, object]:
    return {"name": group.name, "metrics": group.total.metrics()}


def _exclusion(gap: Exclusion) -> Mapping[str, str]:
    return {"from": _utc(gap.start_s), "to": _utc(gap.end_s), "reason": gap.reason}


def _utc(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
