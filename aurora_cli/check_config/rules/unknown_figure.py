"""An alert rule that watches a figure that there is not.

A figure that is never measured fires nothing.

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

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.config.nearest import nearest
from aurora_core.metrics.counters import WATCHABLE_METRICS


def check(subject: Subject) -> Iterator[Complaint]:
    """Name the figure that was probably meant."""
    known = WATCHABLE_METRICS
    for number, rule in enumerate(subject.settings.alerts.rules):
        if rule.metric not in known:
            name = nearest(rule.metric, known)
            yield Complaint(
                f"rule `{rule.name}` watches `{rule.metric}`, which is no figure",
                f"did you mean `{name}`?" if name else f"there are {', '.join(known)}",
                about=[("alerts", "rules", number, "metric")],
            )
