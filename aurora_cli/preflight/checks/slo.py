"""What is promised is written down, and measured.

Why: a target that is not measured is a wish, and an alert without a target is noise.

Proof: `[sla]` has its targets on the right side of the alert thresholds, and the store measured them
within the last 24 hours; `aurora sla-report` says how they stand.

Mend: start the service with a store; set `[sla]` to what was agreed.
"""

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.measured import measured
from aurora_cli.preflight.outcome import Outcome
from aurora_cli.preflight.settled import from_findings
from aurora_core.sla import evaluate
from aurora_core.time_units import DAY_S


def look(context: Context) -> Outcome:
    """The targets, then the store."""
    found = context.found("AUR401", "AUR407")
    if found:
        return from_findings(found, "")
    seen = measured(context, DAY_S)
    if seen.problem:
        return Outcome(
            "fail", f"not measured: {seen.problem}", "start the service with a store", (seen.evidence,)
        )
    if seen.metrics is None:
        message = f"{seen.path} has measured nothing in the last 24 hours"
        return Outcome("fail", message, "start the service with a store", (seen.evidence,))
    standings = evaluate(seen.metrics, context.settings.sla.objectives())
    told = ", ".join(f"{each.objective.name.replace('_', ' ')} {each.state}" for each in standings)
    return Outcome("pass", f"last 24 hours: {told}", "", (seen.evidence,))
