"""The report over time."""

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime

from aurora_cli.sheets import Calendar, Chart, Day, Limit, Series, Tone
from aurora_cli.sheets.numbers import NO_DATA, count, duration
from aurora_cli.sla_report import words
from aurora_cli.sla_report.figures import Figures
from aurora_cli.sla_report.groups import column_length, day_of
from aurora_cli.sla_report.minutes import Minute, summed
from aurora_core.config.sections.sla import Sla
from aurora_core.metrics import Rollup
from aurora_core.sla import floor_share

_MANY = 1000
_P95 = 0.95


def requests(figures: Figures) -> Chart:
    """Calls a minute."""
    return _a_minute("Requests a minute", "calls", figures, lambda total: total.calls)


def errors(figures: Figures) -> Chart:
    """Failed calls a minute: on an axis of their own, for beside the calls they would be nothing."""
    return _a_minute("Errors a minute", "failed", figures, lambda total: total.failed)


def _a_minute(title: str, label: str, figures: Figures, counted: Callable[[Rollup], int]) -> Chart:
    minutes = column_length(figures.period) / 60
    values = _series(figures, lambda total: counted(total) / minutes)
    return Chart(title, [Series(label, values, _figure(values))], *_ends(figures))


def latency(figures: Figures, sla: Sla) -> Chart:
    """Percentiles, held against the target for P95."""
    series = []
    for name, q in (("P50", 0.50), ("P95", 0.95), ("P99", 0.99)):
        values = _series(figures, _quantile(q))
        series.append(Series(name, values, f"max {duration(_largest(values))}"))
    target = Limit(sla.p95_latency_ms, f"P95 target {duration(sla.p95_latency_ms)}")
    return Chart("Latency", series, *_ends(figures), target)


def burn_down(figures: Figures) -> Chart:
    """What is left of the budget for availability, from all of it on the left."""
    allowed = figures.standings[0].budget.allowed
    left, spent = [], 0
    for total in figures.columns:
        spent += 0 if total is None else total.failed
        left.append(max(0.0, 1.0 - spent / allowed) if allowed else math.nan)
    series = Series("budget left", left, floor_share(left[-1] if left else math.nan, 1) + " at the end")
    return Chart("Error budget of availability", [series], *_ends(figures))


def calendar(figures: Figures, sla: Sla) -> Calendar:
    """A day green where it kept the targets for itself, red where it did not."""
    period = figures.period
    by_day = summed(figures.quarters, lambda start_s: day_of(start_s, period))
    first = period.start.astimezone(period.zone).date()
    last = datetime.fromtimestamp(period.end_s - 1, period.zone).date()
    every = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    return Calendar("Days", [_day(day, by_day.get(day.isoformat()), sla) for day in every])


def _day(day: date, counted: Minute | None, sla: Sla) -> Day:
    if counted is None or not counted.calls:
        return Day(day, "plain", "")
    good = 1.0 - counted.error_rate
    kept = good >= sla.availability and counted.within_target >= _P95 * counted.calls
    tone: Tone = "good" if kept else "bad"
    return Day(day, tone, floor_share(good, 1))


def _quantile(q: float) -> Callable[[Rollup], float]:
    return lambda total: total.latency.quantile(q)


def _series(figures: Figures, value: Callable[[Rollup], float]) -> list[float]:
    return [math.nan if total is None else float(value(total)) for total in figures.columns]


def _largest(values: Sequence[float]) -> float:
    return max((value for value in values if not math.isnan(value)), default=math.nan)


def _figure(values: Sequence[float]) -> str:
    largest = _largest(values)
    if math.isnan(largest):
        return NO_DATA
    return f"max {largest:.3g}" if largest < _MANY else f"max {count(round(largest))}"


def _ends(figures: Figures) -> tuple[str, str]:
    return words.moment(figures.period.start_s, figures.period), words.moment(
        figures.period.end_s, figures.period
    )
