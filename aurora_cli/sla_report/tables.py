"""The tables of the report, from figures that are already counted."""

import math
from collections.abc import Callable, Mapping, Sequence
from statistics import median_high
from typing import Any, Final

from aurora_cli.sheets import Cell, Table, Tone, promises
from aurora_cli.sheets.numbers import NO_DATA, count, duration, ratio
from aurora_cli.sla_report import words
from aurora_cli.sla_report.backtest import Backtest
from aurora_cli.sla_report.exclusions import Exclusion
from aurora_cli.sla_report.figures import Figures
from aurora_cli.sla_report.groups import Group, whole
from aurora_cli.sla_report.minutes import MINUTE_S
from aurora_cli.sla_report.standing import Standing, State, bad_share
from aurora_core.metrics import Metrics
from aurora_core.metrics.counters import METRICS, Unit
from aurora_core.sla import floor_share
from aurora_core.sla.budget import ceiling

_TONES: Final[dict[State, Tone]] = {
    "met": "good",
    "at risk": "bad",
    "breached": "bad",
    "insufficient data": "muted",
}
_MOST_ROWS: Final = 10
_TREND: Final = 15
"""As many places as a trend has at most."""
_RECOVERY_TARGET: Final = 0.95
_ROUNDING: Final = 1e-6
"""Of sums of shares: 43.2 minutes must not become 43.1."""
_OF_OUTAGES: Final = ("availability", "error_rate")
"""What an outage spends, so that its budget can be told as time."""


def overview(figures: Figures, source: str) -> Table:
    """What was looked at, and how much of it was measured."""
    period, metrics = figures.period, figures.total.metrics()
    rows = [
        ("window", f"{period.label}: {words.span(period)}"),
        ("source", source),
        (
            "measured",
            f"{count(figures.measured)} of {count(figures.minutes)} minutes, {_share(figures.coverage)}",
        ),
        ("calls", f"{count(figures.total.calls)}, {count(figures.total.failed)} failed"),
        ("recovered", _recovered(metrics)),
        ("within the latency target", _share(metrics["within_target_rate"])),
    ]
    if period.wished_end > period.end:
        wished = words.moment(period.wished_end.timestamp(), period)
        rows.insert(1, ("", f"it is not over: it ends {wished}"))
    return Table("", (), [[Cell(label, "muted"), Cell(text)] for label, text in rows])


def sla(figures: Figures, before: Figures, raw: Figures | None) -> Table:
    """Each objective: value, target, budget, state. ``raw`` is the same without any exclusion."""
    header = [
        "objective",
        "state",
        "value",
        "before",
        "target",
        "alert at",
        "counted",
        "bad",
        "budget",
        "left",
        "bad over time",
    ]
    if raw is not None:
        header.insert(3, "raw")
    rows = []
    for number, standing in enumerate(figures.standings):
        others = [before] if raw is None else [raw, before]
        rows.append(
            [
                Cell(promises.name(standing.objective)),
                Cell(standing.state, _TONES[standing.state]),
                Cell(words.value(standing)),
                *(Cell(words.value(other.standings[number]), "muted") for other in others),
                Cell(promises.target(standing.objective)),
                Cell(promises.bound(standing.objective, standing.objective.alert_threshold)),
                Cell(f"{count(standing.requests)} {standing.counted}"),
                Cell(count(standing.bad)),
                *_budget(standing, figures),
                Cell("", "muted", _trend(standing, figures)),
            ]
        )
    return Table("SLA", header, rows, _note(figures))


def burn(figures: Figures) -> Table:
    """Burn rates, and the alerts that stand on them."""
    rows = [
        [
            Cell(f"last {words.window(burn.window_s)}"),
            Cell(ratio(burn.rate)),
            *_alerts(figures, burn.window_s),
        ]
        for burn in figures.burns
    ]
    target = next(s.objective.target for s in figures.standings if s.objective.name == "availability")
    note = (
        f"1 spends the budget in just the SLA's window; {ceiling(target):,.0f} is the most, where all fails"
    )
    return Table("Burn rate of the error budget", ["", "burn rate", "page at", "ticket at"], rows, note)


def incidents(figures: Figures) -> Table:
    """The worst of them, by calls lost."""
    title = "Incidents"
    if not figures.incidents:
        return Table(title, (), [[Cell("none", "good")]])
    worst = sorted(figures.incidents, key=lambda incident: (-incident.lost, incident.start_s))[:_MOST_ROWS]
    rows = [
        [
            Cell(words.moment(incident.start_s, figures.period)),
            Cell(words.moment(incident.end_s, figures.period)),
            Cell(f"{(incident.end_s - incident.start_s) // 60} min"),
            Cell(floor_share(incident.worst, 1)),
            Cell(count(incident.lost)),
        ]
        for incident in worst
    ]
    more = len(figures.incidents) - len(rows)
    note = f"{more} more, of fewer lost calls" if more else ""
    return Table(title, ["from", "to", "for", "worst minute", "calls lost"], rows, note)


def groups(title: str, found: Sequence[Group]) -> Table:
    """A row an hour, a day, a model or a process."""
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


def errors(figures: Figures) -> Table:
    """Errors by type, and failed calls by reason."""
    named = sorted(figures.total.errors.items(), key=lambda item: (-item[1], item[0]))
    reasons = sorted(figures.total.failures.items(), key=lambda item: (-item[1], item[0]))
    rows = [[Cell(name), Cell(count(times))] for name, times in named[:_MOST_ROWS]]
    rows += [
        [Cell(f"calls failed: {name.replace('_', ' ')}", "muted"), Cell(count(n))] for name, n in reasons
    ]
    if not rows:
        return Table("Errors", (), [[Cell("none", "good")]])
    return Table("Errors", ["type", "times"], rows)


def backtest(results: Sequence[Backtest]) -> Table:
    """What each alert would have done."""
    title = "Alerts, had they been watched"
    if not results:
        return Table(title, (), [[Cell("no minute of the window is kept as one", "muted")]])
    rows = [
        [
            Cell(result.alert),
            Cell(result.severity),
            Cell(result.window),
            Cell(count(result.fired)),
            Cell(count(result.flaps), "bad" if result.flaps else "plain"),
            Cell(f"{count(result.firing_minutes)} min"),
            *_detection(result),
        ]
        for result in results
    ]
    header = ["", "severity", "over", "fired", "flaps", "firing", "incidents seen", "after (middle, worst)"]
    return Table(title, header, rows, "a flap: it fires again within an hour of being resolved")


def exclusions(excluded: Sequence[Exclusion], figures: Figures) -> Table:
    """What was left out, and why."""
    rows = [
        [
            Cell(words.moment(gap.start_s, figures.period)),
            Cell(words.moment(gap.end_s, figures.period)),
            Cell(gap.reason),
        ]
        for gap in excluded
    ]
    note = "an hour or a day that is kept as one is left out only where it lies within as a whole"
    return Table("Left out", (), rows, note if figures.finest_s > MINUTE_S else "")


def _trend(standing: Standing, figures: Figures) -> list[float]:
    merged = math.ceil(len(figures.columns) / _TREND)
    parts = [figures.columns[first : first + merged] for first in range(0, len(figures.columns), merged)]
    return [bad_share(standing.objective, whole(part)) for part in parts]


def _budget(standing: Standing, figures: Figures) -> tuple[Cell, Cell]:
    budget = standing.budget
    if not standing.requests:
        return Cell(NO_DATA, "muted"), Cell(NO_DATA, "muted")
    tone: Tone = "bad" if budget.left < 0 else "plain"
    left = Cell(f"{math.floor(budget.left + _ROUNDING):,}", tone)
    if standing.objective.name not in _OF_OUTAGES:
        return left, Cell("")
    minutes = budget.left / standing.requests * figures.period.length_s / 60
    return left, Cell(f"{math.floor(minutes * 10 + _ROUNDING) / 10:,.1f} min", tone)


def _alerts(figures: Figures, window_s: float) -> tuple[Cell, Cell]:
    cells = {"page": Cell(""), "ticket": Cell("")}
    for state in figures.burn_states:
        if state.alert.long_s == window_s:
            firing = " firing" if state.firing else ""
            cells[state.alert.kind] = Cell(f"{state.threshold:.3g}{firing}", "bad" if firing else "muted")
    return cells["page"], cells["ticket"]


def _detection(result: Backtest) -> tuple[Cell, Cell]:
    if result.detect_minutes is None:
        return Cell(""), Cell("")
    seen = Cell(f"{count(len(result.detect_minutes))} of {count(result.incidents)}")
    if not result.detect_minutes:
        return seen, Cell("")
    middle, worst = median_high(result.detect_minutes), max(result.detect_minutes)
    return seen, Cell(f"{count(middle)}, {count(worst)} min")


def _recovered(metrics: Metrics) -> str:
    rate = metrics["recovery_rate"]
    told = (
        "" if math.isnan(rate) else f" of the calls that met a passing failure, target {_RECOVERY_TARGET:.0%}"
    )
    return f"{_share(rate)}{told}"


def _note(figures: Figures) -> str:
    counted = figures.standings[0].counted
    return f"availability by {counted}; budget: what may still go wrong; left: as time in which all may fail"


def _share(value: float) -> str:
    return NO_DATA if math.isnan(value) else floor_share(value, 2)


_FORMATS: Final[Mapping[Unit, Callable[[Any], str]]] = {"count": count, "share": _share, "ms": duration}
"""How the metrics of a group's columns are written."""
