"""Alert rules are set, can fire, and have data.

Why: an objective that no rule watches is broken in silence, and so is one whose rule can never fire.

Proof: each figure of the SLA that counts is watched by a rule; the rules of `aurora check-config` on
alerts (AUR401 to AUR403, AUR408) have nothing to say; the store has data of the last 24 hours for what is
watched.

Mend: add a rule to `[[alerts.rules]]`, or correct the one that is named.
"""

import math
from collections.abc import Mapping
from numbers import Real

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.measured import measured
from aurora_cli.preflight.outcome import Outcome
from aurora_cli.preflight.settled import from_findings
from aurora_core.time_units import DAY_S

_WATCHED_BY = {
    "availability": ("error_rate", "success_rate", "burn_rate", "availability"),
    "error_rate": ("error_rate", "success_rate", "burn_rate"),
    "p95_latency": ("p95_latency_ms", "p99_latency_ms", "within_target_rate"),
    "cache_hit_rate": ("cache_hit_rate",),
}


def look(context: Context) -> Outcome:
    """Rules, then coverage, then data."""
    found = context.found("AUR401", "AUR402", "AUR403", "AUR408")
    if found:
        return from_findings(found, "")
    rules = context.settings.alerts.alert_rules()
    watched = {rule.metric_name for rule in rules}
    for objective in context.settings.sla.objectives():
        if objective.required and not watched.intersection(_WATCHED_BY[objective.name]):
            message = f"no rule watches the objective {objective.name}"
            return Outcome(
                "fail", message, f"add a rule on {_WATCHED_BY[objective.name][0]} to [[alerts.rules]]"
            )
    seen = measured(context, DAY_S)
    if seen.metrics is None:
        problem = seen.problem or f"{seen.path} has nothing of the last 24 hours"
        message = f"{len(rules)} rules cover the SLA, but whether they have data is not known: {problem}"
        return Outcome("unknown", message, "start the service with a store", (seen.evidence,))
    empty = sorted(name for name in watched if _is_empty(seen.metrics, name))
    if empty:
        message = f"{len(rules)} rules cover the SLA; no data yet for {', '.join(empty)}"
        return Outcome(
            "warn", message, "see that the service records it, or take the rule out", (seen.evidence,)
        )
    return Outcome("pass", f"{len(rules)} rules cover the SLA, and have data", "", (seen.evidence,))


def _is_empty(metrics: Mapping[str, object], name: str) -> bool:
    value = metrics.get(name)
    return isinstance(value, Real) and math.isnan(float(value))
