"""An alert threshold on the wrong side of its target.

An alert that is stricter than its target fires while the target is met.

Example::

    [sla]
    availability = 0.999
    availability_alert = 0.9995

Instead::

    [sla]
    availability = 0.999
    availability_alert = 0.995
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation

_KEYS = {
    "availability": ("availability", "availability_alert"),
    "p95_latency": ("p95_latency_ms", "p95_latency_alert_ms"),
    "error_rate": ("error_rate", "error_rate_alert"),
    "cache_hit_rate": ("cache_hit_rate", "cache_hit_rate_alert"),
}


def check(context: LintContext) -> Iterator[Violation]:
    """Compare target and threshold of each objective."""
    for objective in context.settings.sla.objectives():
        target, alert = objective.target, objective.alert_threshold
        if alert > target if objective.higher_is_better else alert < target:
            target_key, alert_key = _KEYS[objective.name]
            side = "above" if objective.higher_is_better else "below"
            yield Violation(
                f"`sla.{alert_key}` = {alert:g} is {side} its target {target:g}: it fires when that is met",
                f"set it to the target or {'below' if side == 'above' else 'above'}",
                about=[f"sla.{alert_key}", f"sla.{target_key}"],
            )
