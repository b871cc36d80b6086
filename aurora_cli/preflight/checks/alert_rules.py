"""Alert rules are set, can fire, and have data.

Why: an objective without an alert rule is missed in silence, and so is one whose rule can never fire.

How it is checked: an alert rule watches each required objective of the SLA; the rules of `aurora
check-config` on alert rules have no error and no warning; the store has data of the last 24 hours for every
metric that is watched.

Fix: add a rule to `[[alerts.rules]]`, or correct the one that is named.
"""

import math
from collections.abc import Mapping
from numbers import Real
from typing import Final

from aurora_cli.findings import Outcome
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.store_probe import read_store

_DAY_S: Final = 86_400
_METRICS_OF_OBJECTIVE: Final = {
    "availability": ("error_rate", "success_rate", "burn_rate", "availability"),
    "error_rate": ("error_rate", "success_rate", "burn_rate"),
    "p95_latency": ("p95_latency_ms", "p99_latency_ms", "within_target_rate"),
    "cache_hit_rate": ("cache_hit_rate",),
}


def run(context: Context) -> Outcome:
    """Check the coverage of the objectives, then the data."""
    rules = context.settings.alerts.alert_rules()
    watched = {rule.metric_name for rule in rules}
    for objective in context.settings.sla.objectives():
        metrics = _METRICS_OF_OBJECTIVE[objective.name]
        if objective.required and not watched.intersection(metrics):
            message = f"no rule watches the objective {objective.name}"
            return Outcome("fail", message, f"add a rule on {metrics[0]} to [[alerts.rules]]")
    data = read_store(context, _DAY_S)
    evidence = (data.evidence,)
    if data.metrics is None:
        problem = data.problem or f"{data.url} has no data of the last 24 hours"
        message = f"{len(rules)} rules cover the SLA, but it is unknown whether they have data: {problem}"
        return Outcome("unknown", message, "start the service with a store", evidence)
    empty = sorted(name for name in watched if _is_nan(data.metrics, name))
    if empty:
        message = f"{len(rules)} rules cover the SLA; no data yet for {', '.join(empty)}"
        return Outcome("warn", message, "make the service record it, or remove the rule", evidence)
    return Outcome("pass", f"{len(rules)} rules cover the SLA, and have data", "", evidence)


def _is_nan(metrics: Mapping[str, object], name: str) -> bool:
    value = metrics.get(name)
    return isinstance(value, Real) and math.isnan(float(value))
