"""An alert rule with an unknown metric.

A metric that does not exist never fires.

Example::

    [[alerts.rules]]
    name = "slow"
    metric = "p95_latency"
    comparison = "gt"
    threshold = 2000

Instead::

    [[alerts.rules]]
    name = "slow"
    metric = "p95_latency_ms"
    comparison = "gt"
    threshold = 2000
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.config.suggest import closest_match
from aurora_core.metrics.counters import WATCHABLE_METRICS


def check(context: LintContext) -> Iterator[Violation]:
    """Report the metric with its closest match."""
    known = WATCHABLE_METRICS
    for number, rule in enumerate(context.settings.alerts.rules):
        if rule.metric not in known:
            match = closest_match(rule.metric, known)
            yield Violation(
                f"rule `{rule.name}` has unknown metric `{rule.metric}`",
                f"did you mean `{match}`?" if match else f"expected one of {', '.join(known)}",
                about=[("alerts", "rules", number, "metric")],
            )
