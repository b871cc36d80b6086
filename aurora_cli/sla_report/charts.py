"""The report over time."""

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final

from aurora_cli.documents import Calendar, Chart, Day, Limit, Series, Tone
from aurora_cli.documents.number_format import NO_DATA, count, duration
from aurora_cli.sla_report.format import format_moment
from aurora_cli.sla_report.group_by import column_length_s, format_day
from aurora_cli.sla_report.stats import PeriodStats
from aurora_cli.sla_report.timeline import Minute, merge_by
from aurora_core.config.sections.sla import Sla
from aurora_core.metrics import Rollup
from aurora_core.sla import format_percent_floor

_MANY: Final = 1000
_P95: Final = 0.95


def draw_requests(stats: PeriodStats) -> Chart:
    """Draw the calls per minute."""
    return _draw_per_minute("Requests a minute", "calls", stats, lambda total: total.calls)


def draw_errors(stats: PeriodStats) -> Chart:
    """Draw the failed calls per minute, on a separate axis: beside all calls they would be invisible."""
    return _draw_per_minute("Errors a minute", "failed", stats, lambda total: total.failed)


def _draw_per_minute(title: str, label: str, stats: PeriodStats, counted: Callable[[Rollup], int]) -> Chart:
    minutes = column_length_s(stats.period) / 60
    values = _values(stats, lambda total: counted(total) / minutes)
    return Chart(title, [Series(label, values, _format_max(values))], *_axis_labels(stats))


def draw_latency(stats: PeriodStats, sla: Sla) -> Chart:
    """Draw percentiles of latency and the target for P95."""
    series = []
    for name, q in (("P50", 0.50), ("P95", 0.95), ("P99", 0.99)):
        values = _values(stats, _quantile(q))
        series.append(Series(name, values, f"max {duration(_largest(values))}"))
    target = Limit(sla.p95_latency_ms, f"P95 target {duration(sla.p95_latency_ms)}")
    return Chart("Latency", series, *_axis_labels(stats), target)


def draw_burn_down(stats: PeriodStats) -> Chart:
    """Draw the error budget of availability that is left, from all of it at the left edge."""
    allowed = stats.objectives[0].budget.allowed
    left, spent = [], 0
    for total in stats.columns:
        spent += 0 if total is None else total.failed
        left.append(max(0.0, 1.0 - spent / allowed) if allowed else math.nan)
    series = Series(
        "budget left", left, format_percent_floor(left[-1] if left else math.nan, 1) + " at the end"
    )
    return Chart("Error budget of availability", [series], *_axis_labels(stats))


def draw_calendar(stats: PeriodStats, sla: Sla) -> Calendar:
    """Draw each day: green if the day alone met the targets, else red."""
    period = stats.period
    by_day = merge_by(stats.quarters, lambda start_s: format_day(start_s, period))
    first = period.start.astimezone(period.zone).date()
    last = datetime.fromtimestamp(period.end_s - 1, period.zone).date()
    every = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    return Calendar("Days", [_day(day, by_day.get(day.isoformat()), sla) for day in every])


def _day(day: date, counted: Minute | None, sla: Sla) -> Day:
    if counted is None or not counted.calls:
        return Day(day, "plain", "")
    good = 1.0 - counted.error_rate
    met = good >= sla.availability and counted.within_target >= _P95 * counted.calls
    tone: Tone = "good" if met else "bad"
    return Day(day, tone, format_percent_floor(good, 1))


def _quantile(q: float) -> Callable[[Rollup], float]:
    return lambda total: total.latency.quantile(q)


def _values(stats: PeriodStats, value: Callable[[Rollup], float]) -> list[float]:
    return [math.nan if total is None else float(value(total)) for total in stats.columns]


def _largest(values: Sequence[float]) -> float:
    return max((value for value in values if not math.isnan(value)), default=math.nan)


def _format_max(values: Sequence[float]) -> str:
    largest = _largest(values)
    if math.isnan(largest):
        return NO_DATA
    return f"max {largest:.3g}" if largest < _MANY else f"max {count(round(largest))}"


def _axis_labels(stats: PeriodStats) -> tuple[str, str]:
    period = stats.period
    return format_moment(period.start_s, period), format_moment(period.end_s, period)
