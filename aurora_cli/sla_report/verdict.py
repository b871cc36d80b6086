"""The verdict on a period."""

from collections.abc import Sequence
from typing import NamedTuple

from aurora_cli import exit_codes
from aurora_cli.documents import objective_format
from aurora_cli.exit_codes import Verdict
from aurora_cli.sla_report.format import format_value
from aurora_cli.sla_report.objectives import ObjectiveStatus
from aurora_cli.sla_report.stats import PeriodStats
from aurora_core.sla import format_percent_floor


class Decision(NamedTuple):
    """The verdict, its exit code and the conclusion: the sentence that gives the reason."""

    verdict: Verdict
    exit_code: int
    conclusion: str


def decide(stats: PeriodStats, min_coverage: float) -> Decision:
    """Decide: a breached required objective, else missing data or too little coverage, else met."""
    required = [status for status in stats.objectives if status.objective.required]
    breached = [status for status in required if status.state == "breached"]
    if breached:
        return Decision(Verdict.NOT_GOOD, exit_codes.NOT_GOOD, f"SLA BREACHED: {_describe(breached)}")
    unmeasured = [status for status in required if status.state == "insufficient data"]
    covered = f"{format_percent_floor(stats.coverage, 1)} of the window was measured"
    if unmeasured:
        names = ", ".join(objective_format.name(status.objective) for status in unmeasured)
        return Decision(Verdict.NONE, exit_codes.NO_VERDICT, f"NO VERDICT: no data for {names}; {covered}")
    if stats.coverage < min_coverage:
        conclusion = f"NO VERDICT: {covered}, below the required {min_coverage * 100:g} %"
        return Decision(Verdict.NONE, exit_codes.NO_VERDICT, conclusion)
    return Decision(Verdict.GOOD, exit_codes.GOOD, f"SLA MET{_warn(stats, required)}; {covered}")


def _describe(statuses: Sequence[ObjectiveStatus]) -> str:
    texts = [
        f"{objective_format.name(status.objective)} is {format_value(status)}, "
        f"target {objective_format.target(status.objective)}"
        for status in statuses
    ]
    return "; ".join(texts)


def _warn(stats: PeriodStats, required: Sequence[ObjectiveStatus]) -> str:
    risky = [objective_format.name(status.objective) for status in required if status.state == "at risk"]
    firing = [state.alert.kind for state in stats.burn_alerts if state.firing]
    warnings = [f"at risk: {', '.join(risky)}"] if risky else []
    warnings += [f"the budget burns fast enough to {firing[0]}"] if firing else []
    return f", {'; '.join(warnings)}" if warnings else ""
