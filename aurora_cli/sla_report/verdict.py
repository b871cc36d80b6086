"""What the standings come to."""

from collections.abc import Sequence
from typing import NamedTuple

from aurora_cli import exits
from aurora_cli.exits import Verdict
from aurora_cli.sheets import promises
from aurora_cli.sla_report import words
from aurora_cli.sla_report.figures import Figures
from aurora_cli.sla_report.standing import Standing
from aurora_core.sla import floor_share


class Decision(NamedTuple):
    """The verdict, its exit code, and the sentence that says what decided."""

    verdict: Verdict
    exit_code: int
    decided: str


def decide(figures: Figures, min_coverage: float) -> Decision:
    """Breached where a required objective is; no verdict where one has no data or too little was measured."""
    required = [standing for standing in figures.standings if standing.objective.required]
    breached = [standing for standing in required if standing.state == "breached"]
    if breached:
        return Decision(Verdict.NOT_GOOD, exits.NOT_GOOD, f"SLA BREACHED: {_told(breached)}")
    unmeasured = [standing for standing in required if standing.state == "insufficient data"]
    covered = f"{floor_share(figures.coverage, 1)} of the window was measured"
    if unmeasured:
        names = ", ".join(promises.name(standing.objective) for standing in unmeasured)
        return Decision(Verdict.NONE, exits.NO_VERDICT, f"NO VERDICT: no data for {names}; {covered}")
    if figures.coverage < min_coverage:
        asked = f"{min_coverage * 100:g} %"
        return Decision(Verdict.NONE, exits.NO_VERDICT, f"NO VERDICT: {covered}, and {asked} were asked for")
    return Decision(Verdict.GOOD, exits.GOOD, f"SLA MET{_warned(figures, required)}; {covered}")


def _told(standings: Sequence[Standing]) -> str:
    told = [
        f"{promises.name(each.objective)} is {words.value(each)}, target {promises.target(each.objective)}"
        for each in standings
    ]
    return "; ".join(told)


def _warned(figures: Figures, required: Sequence[Standing]) -> str:
    risky = [promises.name(standing.objective) for standing in required if standing.state == "at risk"]
    firing = [state.alert.kind for state in figures.burn_states if state.firing]
    told = [f"at risk: {', '.join(risky)}"] if risky else []
    told += [f"the budget burns fast enough to {firing[0]}"] if firing else []
    return f", {'; '.join(told)}" if told else ""
