"""Objectives are set and measured.

Why: a target that is not measured is a wish, and an alert without a target is noise.

How it is checked: the rules of `aurora check-config` on targets and retention have no error and no warning,
and the store measured the objectives within the last 24 hours; `aurora sla-report` shows them.

Fix: start the service with a store; set `[sla]` to what was agreed.
"""

from aurora_cli.findings import Outcome
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.store_probe import read_store
from aurora_core.sla import evaluate_objectives
from aurora_core.time_units import DAY_S


def run(context: Context) -> Outcome:
    """Measure the objectives from the store."""
    data = read_store(context, DAY_S)
    evidence = (data.evidence,)
    fix = "start the service with a store"
    if data.problem:
        return Outcome("fail", f"not measured: {data.problem}", fix, evidence)
    if data.metrics is None:
        return Outcome("fail", f"{data.url} has no data of the last 24 hours", fix, evidence)
    results = evaluate_objectives(data.metrics, context.settings.sla.objectives())
    states = ", ".join(f"{result.objective.name.replace('_', ' ')} {result.state}" for result in results)
    return Outcome("pass", f"last 24 hours: {states}", "", evidence)
