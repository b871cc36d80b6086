"""The tables of the report."""

import math
from collections.abc import Callable, Mapping, Sequence
from statistics import median_high
from typing import Any, Final

from aurora_cli.documents import Cell, Table, Tone, objective_format
from aurora_cli.documents.number_format import NO_DATA, count, duration, ratio
from aurora_cli.sla_report.backtest import Backtest
from aurora_cli.sla_report.exclusions import Exclusion
from aurora_cli.sla_report.format import format_moment, format_period, format_value, format_window
from aurora_cli.sla_report.group_by import Group, sum_all
from aurora_cli.sla_report.objectives import ObjectiveState, ObjectiveStatus, bad_share
from aurora_cli.sla_report.stats import PeriodStats
from aurora_core.metrics import Metrics
from aurora_core.metrics.counters import METRICS, Unit
from aurora_core.sla import format_percent_floor
from aurora_core.sla.budget import ceiling
from aurora_core.time_units import MINUTE_S

_TONES: Final[dict[ObjectiveState, Tone]] = {
    "met": "good",
    "at risk": "bad",
    "breached": "bad",
    "insufficient data": "muted",
}
_MOST_ROWS: Final = 10
_TREND: Final = 15
"""The width of a trend in characters."""
_RECOVERY_TARGET: Final = 0.95
_ROUNDING: Final = 1e-6
"""The rounding error of sums of shares: 43.2 minutes must not become 43.1."""
_HIT_BY_OUTAGES: Final = ("availability", "error_rate")
"""The objectives that an outage violates, so that their budget can be written as time."""


def build_overview(stats: PeriodStats, source: str) -> Table:
    """Show the window, the source and how much of the window was measured."""
    period, metrics = stats.period, stats.total.metrics()
    rows = [
        ("window", f"{period.label}: {format_period(period)}"),
        ("source", source),
        (
            "measured",
            f"{count(stats.measured)} of {count(stats.minutes)} minutes, {_format_share(stats.coverage)}",
        ),
        ("calls", f"{count(stats.total.calls)}, {count(stats.total.failed)} failed"),
        ("recovered", _format_recovery(metrics)),
        ("within the latency target", _format_share(metrics["within_target_rate"])),
    ]
    if period.requested_end > period.end:
        requested = format_moment(period.requested_end.timestamp(), period)
        rows.insert(1, ("", f"not over yet: ends {requested}"))
    return Table("", (), [[Cell(label, "muted"), Cell(text)] for label, text in rows])


def build_sla(stats: PeriodStats, before: PeriodStats, raw: PeriodStats | None) -> Table:
    """Show value, target, budget and state of each objective; ``raw`` is the period without exclusions."""
    measured = ["value", "previous"] if raw is None else ["value", "no exclusions", "previous"]
    budget = ["basis", "bad", "budget", "left", "bad over time"]
    header = ["objective", "state", *measured, "target", "alert at", *budget]
    rows = []
    for number, status in enumerate(stats.objectives):
        others = [before] if raw is None else [raw, before]
        rows.append(
            [
                Cell(objective_format.name(status.objective)),
                Cell(status.state, _TONES[status.state]),
                Cell(format_value(status)),
                *(Cell(format_value(other.objectives[number]), "muted") for other in others),
                Cell(objective_format.target(status.objective)),
                Cell(objective_format.bound(status.objective, status.objective.alert_threshold)),
                Cell(f"{count(status.requests)} {status.basis}"),
                Cell(count(status.bad)),
                *_format_budget(status, stats),
                Cell("", "muted", _bad_over_time(status, stats)),
            ]
        )
    return Table("SLA", header, rows, _explain_basis(stats))


def build_burn(stats: PeriodStats) -> Table:
    """Show the burn rates and the alerts on them."""
    rows = [
        [
            Cell(f"last {format_window(burn.window_s)}"),
            Cell(ratio(burn.rate)),
            *_format_thresholds(stats, burn.window_s),
        ]
        for burn in stats.burn_rates
    ]
    target = next(s.objective.target for s in stats.objectives if s.objective.name == "availability")
    note = (
        f"1 spends the budget in just the SLA's window; {ceiling(target):,.0f} is the most, where all fails"
    )
    return Table("Burn rate of the error budget", ["", "burn rate", "page at", "ticket at"], rows, note)


def build_incidents(stats: PeriodStats) -> Table:
    """Show the incidents that lost the most calls."""
    title = "Incidents"
    if not stats.incidents:
        return Table(title, (), [[Cell("none", "good")]])
    worst = sorted(stats.incidents, key=lambda incident: (-incident.lost, incident.start_s))[:_MOST_ROWS]
    rows = [
        [
            Cell(format_moment(incident.start_s, stats.period)),
            Cell(format_moment(incident.end_s, stats.period)),
            Cell(f"{(incident.end_s - incident.start_s) // 60} min"),
            Cell(format_percent_floor(incident.worst, 1)),
            Cell(count(incident.lost)),
        ]
        for incident in worst
    ]
    more = len(stats.incidents) - len(rows)
    note = f"{more} more, of fewer lost calls" if more else ""
    return Table(title, ["from", "to", "for", "worst minute", "calls lost"], rows, note)


def build_groups(title: str, found: Sequence[Group]) -> Table:
    """Show one row per hour, day, model or process."""
    columns = [metric for metric in METRICS.values() if metric.label]
    header = ["", "calls", "failed", *(metric.label for metric in columns)]
    rows = [
        [
            Cell(group.name or "(not named)"),
            Cell(count(group.total.calls)),
            Cell(count(group.total.failed)),
            *(Cell(_FORMATS[metric.unit](metric.value(group.total))) for metric in columns),
        ]
        for group in found
    ]
    return Table(title, header, rows)


def build_errors(stats: PeriodStats) -> Table:
    """Show errors by type and failed calls by reason."""
    named = sorted(stats.total.errors.items(), key=lambda item: (-item[1], item[0]))
    reasons = sorted(stats.total.failures.items(), key=lambda item: (-item[1], item[0]))
    rows = [[Cell(name), Cell(count(times))] for name, times in named[:_MOST_ROWS]]
    rows += [
        [Cell(f"calls failed: {name.replace('_', ' ')}", "muted"), Cell(count(n))] for name, n in reasons
    ]
    if not rows:
        return Table("Errors", (), [[Cell("none", "good")]])
    return Table("Errors", ["type", "times"], rows)


def build_backtest(results: Sequence[Backtest]) -> Table:
    """Show what each alert would have done."""
    title = "Alerts, had they been watched"
    if not results:
        return Table(title, (), [[Cell("the store has no minutes of the window", "muted")]])
    rows = [
        [
            Cell(result.alert),
            Cell(result.severity),
            Cell(result.window),
            Cell(count(result.fired)),
            Cell(count(result.flaps), "bad" if result.flaps else "plain"),
            Cell(f"{count(result.firing_minutes)} min"),
            *_format_detection(result),
        ]
        for result in results
    ]
    header = ["", "severity", "over", "fired", "flaps", "firing", "incidents seen", "after (middle, worst)"]
    return Table(title, header, rows, "a flap: it fires again within an hour of being resolved")


def build_exclusions(excluded: Sequence[Exclusion], stats: PeriodStats) -> Table:
    """Show the exclusions and their reasons."""
    rows = [
        [
            Cell(format_moment(gap.start_s, stats.period)),
            Cell(format_moment(gap.end_s, stats.period)),
            Cell(gap.reason),
        ]
        for gap in excluded
    ]
    note = "a stored hour or day is left out only if the exclusion covers all of it"
    return Table("Left out", (), rows, note if stats.coarsest_s > MINUTE_S else "")


def _bad_over_time(status: ObjectiveStatus, stats: PeriodStats) -> list[float]:
    merged = math.ceil(len(stats.columns) / _TREND)
    parts = [stats.columns[first : first + merged] for first in range(0, len(stats.columns), merged)]
    return [bad_share(status.objective, sum_all(part)) for part in parts]


def _format_budget(status: ObjectiveStatus, stats: PeriodStats) -> tuple[Cell, Cell]:
    budget = status.budget
    if not status.requests:
        return Cell(NO_DATA, "muted"), Cell(NO_DATA, "muted")
    tone: Tone = "bad" if budget.left < 0 else "plain"
    left = Cell(f"{math.floor(budget.left + _ROUNDING):,}", tone)
    if status.objective.name not in _HIT_BY_OUTAGES:
        return left, Cell("")
    minutes = budget.left / status.requests * stats.period.length_s / 60
    return left, Cell(f"{math.floor(minutes * 10 + _ROUNDING) / 10:,.1f} min", tone)


def _format_thresholds(stats: PeriodStats, window_s: float) -> tuple[Cell, Cell]:
    cells = {"page": Cell(""), "ticket": Cell("")}
    for state in stats.burn_alerts:
        if state.alert.long_s == window_s:
            firing = " firing" if state.firing else ""
            cells[state.alert.kind] = Cell(f"{state.threshold:.3g}{firing}", "bad" if firing else "muted")
    return cells["page"], cells["ticket"]


def _format_detection(result: Backtest) -> tuple[Cell, Cell]:
    if result.detect_minutes is None:
        return Cell(""), Cell("")
    seen = Cell(f"{count(len(result.detect_minutes))} of {count(result.incidents)}")
    if not result.detect_minutes:
        return seen, Cell("")
    middle, worst = median_high(result.detect_minutes), max(result.detect_minutes)
    return seen, Cell(f"{count(middle)}, {count(worst)} min")


def _format_recovery(metrics: Metrics) -> str:
    rate = metrics["recovery_rate"]
    of = (
        "" if math.isnan(rate) else f" of the calls that met a passing failure, target {_RECOVERY_TARGET:.0%}"
    )
    return f"{_format_share(rate)}{of}"


def _explain_basis(stats: PeriodStats) -> str:
    counted = stats.objectives[0].basis
    return f"availability by {counted}; budget: what may still go wrong; left: as time in which all may fail"


def _format_share(value: float) -> str:
    return NO_DATA if math.isnan(value) else format_percent_floor(value, 2)


_FORMATS: Final[Mapping[Unit, Callable[[Any], str]]] = {
    "count": count,
    "share": _format_share,
    "ms": duration,
}
"""How the metrics of a group's columns are written."""
