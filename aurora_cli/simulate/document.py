"""The reader's page of a replay: tables and the timeline, from figures that are already counted."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import numpy as np

from aurora_cli.documents import Cell, Table, Tone, objective_format
from aurora_cli.documents.number_format import NO_DATA, clock, count, duration, ratio
from aurora_cli.simulate import outcomes
from aurora_cli.simulate.goals import METRICS, MILLISECONDS, SHARE, Goal
from aurora_cli.simulate.prepare import tiers
from aurora_cli.simulate.scenario import Scenario
from aurora_cli.simulate.stats import Percentiles, Stats
from aurora_cli.simulate.workload import Workload
from aurora_core.alerting.state import RuleConfig
from aurora_core.config.units import show_duration
from aurora_core.sla import ObjectiveResult, format_percent_floor

RECOVERY_TARGET: Final = 0.95

_OUTCOME_LABELS: Final = (
    ("first try", outcomes.FIRST_TRY),
    ("recovered", outcomes.RECOVERED),
    ("retries exhausted", outcomes.RETRIES_EXHAUSTED),
    ("non-retryable", outcomes.NON_RETRYABLE),
    ("rate limited", outcomes.RATE_LIMITED),
    ("breaker open", outcomes.BREAKER_OPEN),
)


def policy_name(stats: Stats) -> str:
    """Name a column: scenarios of one run differ in their limit."""
    return stats.scenario.name


def service_table(scenario: Scenario, workload: Workload) -> list[Table]:
    """Say how the queries are spread over workers and tiers, and which settings the replay leaves out."""
    rows: list[tuple[str, str]] = []
    limit = scenario.rate_limit
    if limit.workers > 1:
        rows.append(
            ("workers", f"{limit.workers}, each with its own limits and breakers; queries dealt at random")
        )
    if limit.tiers:
        counted = np.bincount(tiers(workload, scenario), minlength=len(limit.tiers) + 1)
        names = ["other models", *(f"{tier.provider}/{tier.model}" for tier in limit.tiers)]
        shown = ", ".join(f"{name} {count(number)}" for name, number in zip(names, counted, strict=True))
        rows.append(("tiers", f"{shown} queries; chosen by {_chosen_by(scenario, workload)}"))
    rows += [("not replayed", reason) for reason in scenario.not_replayed()]
    return [Table("Service", [], [[Cell(name, "muted"), Cell(text)] for name, text in rows])] if rows else []


def _chosen_by(scenario: Scenario, workload: Workload) -> str:
    """Say where the model of a query is from, which decides on its tier."""
    setting = f"setting `llm.model`, {scenario.llm.model}"
    if workload.model is None:
        return setting
    without = int(np.count_nonzero(workload.model < 0))
    return "the log's model column" + (f", {count(without)} without a model by {setting}" if without else "")


def outcome_table(answers: Sequence[Stats]) -> Table:
    """Queries by outcome, and what they cost the provider."""
    rows = [_row("queries", answers, lambda f: count(f.total))]
    for label, kind in _OUTCOME_LABELS:
        rows.append([Cell(label), *(Cell(_with_share(f.queries[kind], f.total)) for f in answers)])
        if kind == outcomes.RETRIES_EXHAUSTED:
            rows += _reason_rows(answers)
    rows += [
        [Cell("recovery rate, target 95 %"), *(_recovery(f) for f in answers)],
        _row("attempts sent", answers, lambda f: count(f.attempts)),
        _row("amplification", answers, lambda f: ratio(f.amplification)),
        _row("429 from the provider", answers, lambda f: count(f.provider_429)),
        _row("peak starts in a minute", answers, lambda f: count(f.peak_starts_per_minute)),
        _row("longest queue", answers, lambda f: count(f.longest_queue)),
    ]
    return Table("Queries", ["", *map(policy_name, answers)], rows)


def latency_table(stats: Stats) -> Table:
    """Latency and its parts."""
    rows = [
        _spread("latency, all queries", stats.latency_ms),
        _spread("latency, answered", stats.answered_ms),
        _spread("  wait at the limiter", stats.wait_ms),
        _spread("  backoff", stats.backoff_ms),
        _spread("  service", stats.service_ms),
    ]
    return Table(f"Latency at {policy_name(stats)}", ["", "mean", "P50", "P95", "P99", "max"], rows)


def sla_table(answers: Sequence[Stats], cache_ttl_s: float) -> Table:
    """The guide's objectives, a column a policy."""
    rows = [
        [
            Cell(f"{objective_format.name(result.objective)} {objective_format.target(result.objective)}"),
            *(_format_result(f.objective_results[number]) for f in answers),
        ]
        for number, result in enumerate(answers[0].objective_results)
    ]
    rows.append([Cell("SLA"), *(_sla(f.sla_met) for f in answers)])
    kept = show_duration(cache_ttl_s, "s")
    note = f"cache hits as if every answer were kept for {kept}; the traffic is replayed without a cache"
    has_cache = answers[0].objective_results[-1].state != NO_DATA
    return Table("SLA", ["", *map(policy_name, answers)], rows, note if has_cache else "")


def alert_table(answers: Sequence[Stats], watches: Sequence[RuleConfig]) -> Table:
    """The rules that would have fired."""
    rows = [
        [
            Cell(f"{policy_name(f)}  {episode.rule}", "bad" if episode.severity == "critical" else "plain"),
            Cell(episode.severity),
            Cell(f"at {clock(episode.first_s)}"),
            Cell(f"{count(episode.minutes)} min"),
            Cell(ratio(episode.worst, 3) if episode.worst <= 1 else f"{episode.worst:,.0f}"),
        ]
        for f in answers
        for episode in f.alerts
    ]
    windows = {each.window_s for each in watches}
    over = f"{windows.pop() / 60:g} minutes" if len(windows) == 1 else "their own windows"
    title = f"Alerts that would have fired (rules over {over}, checked every minute)"
    if not rows:
        return Table(title, [], [[Cell("none", "good")]])
    return Table(title, ["rule", "severity", "first", "for", "worst"], rows)


def goal_table(answers: Sequence[Stats], goals: Sequence[Goal]) -> Table:
    """Each goal, and what came of it."""
    rows = [[Cell(goal.text), *(_goal(goal, f) for f in answers)] for goal in goals]
    return Table("Goals", ["", *map(policy_name, answers)], rows)


def goal_value(goal: Goal, stats: Stats) -> str:
    """Write the figure that a goal bounds, in the goal's kind of unit."""
    value = goal.value(stats)
    kind = METRICS[goal.metric][0]
    if kind == MILLISECONDS:
        return duration(value)
    return format_percent_floor(value, 2) if kind == SHARE else ratio(value)


def _goal(goal: Goal, stats: Stats) -> Cell:
    met = goal.met(stats)
    return Cell(f"{goal_value(goal, stats)} {'met' if met else 'missed'}", _tone(met))


def _reason_rows(answers: Sequence[Stats]) -> list[list[Cell]]:
    """Why retrying ended, if it was not always for the number of attempts."""
    if all(f.reasons["attempts"] == f.queries[outcomes.RETRIES_EXHAUSTED] for f in answers):
        return []
    return [_row(f"  {name}", answers, partial(_reason, name)) for name in outcomes.REASONS.values()]


def _reason(name: str, stats: Stats) -> str:
    return count(stats.reasons[name])


def _row(label: str, answers: Sequence[Stats], text: Callable[[Stats], str]) -> list[Cell]:
    return [Cell(label), *(Cell(text(stats)) for stats in answers)]


def _with_share(part: int, total: int) -> str:
    return f"{count(part)}  {format_percent_floor(part / total, 2) if total else NO_DATA:>8}"


def _spread(label: str, spread: Percentiles) -> list[Cell]:
    values = (spread.mean, spread.p50, spread.p95, spread.p99, spread.max)
    return [Cell(label), *(Cell(duration(value)) for value in values)]


def _recovery(stats: Stats) -> Cell:
    rate = stats.recovery_rate
    if rate != rate:  # noqa: PLR0124 - NaN: nothing failed for a while
        return Cell(NO_DATA, "muted")
    return Cell(format_percent_floor(rate, 2), _tone(rate >= RECOVERY_TARGET))


def _format_result(result: ObjectiveResult) -> Cell:
    if result.state == NO_DATA:
        return Cell(NO_DATA, "muted")
    value = objective_format.value(result.objective, result.value)
    return Cell(f"{value} {result.state}", _tone(result.state == "met"))


def _sla(met: bool | None) -> Cell:
    if met is None:
        return Cell("insufficient data", "muted")
    return Cell("met" if met else "breached", _tone(met))


def _tone(good: bool) -> Tone:
    return "good" if good else "bad"
