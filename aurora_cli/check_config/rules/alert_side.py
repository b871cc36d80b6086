"""An alert threshold on the wrong side of its target.

An alert that is stricter than the promise rings while the promise is kept.

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

from aurora_cli.check_config.subject import Complaint, Subject

_KEYS = {
    "availability": ("availability", "availability_alert"),
    "p95_latency": ("p95_latency_ms", "p95_latency_alert_ms"),
    "error_rate": ("error_rate", "error_rate_alert"),
    "cache_hit_rate": ("cache_hit_rate", "cache_hit_rate_alert"),
}


def check(subject: Subject) -> Iterator[Complaint]:
    """Compare each objective's two numbers."""
    for objective in subject.settings.sla.objectives():
        target, alert = objective.target, objective.alert_threshold
        if alert > target if objective.higher_is_better else alert < target:
            target_key, alert_key = _KEYS[objective.name]
            side = "above" if objective.higher_is_better else "below"
            yield Complaint(
                f"`sla.{alert_key}` = {alert:g} is {side} its target {target:g}: it rings while that is met",
                f"an alert threshold is at or {'below' if side == 'above' else 'above'} the target",
                about=[f"sla.{alert_key}", f"sla.{target_key}"],
            )
