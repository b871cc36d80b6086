"""An alert rule that can never fire.

A share is never above 1, a burn rate never above 1/(1 - target), and a window that is too short for its
minimum of calls never has them.

Example::

    [[alerts.rules]]
    name = "half of them fail"
    metric = "error_rate"
    comparison = "gt"
    threshold = 50

Instead::

    [[alerts.rules]]
    name = "half of them fail"
    metric = "error_rate"
    comparison = "gt"
    threshold = 0.5
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_cli.check_config.traffic import most_calls
from aurora_core.config.sections.alerts import Rule

_SHARES = ("success_rate", "error_rate", "within_target_rate", "cache_hit_rate", "recovery_rate")


def check(subject: Subject) -> Iterator[Complaint]:
    """Hold each rule against what its figure can be, and against the calls that there can be."""
    limit = subject.settings.rate_limit
    for number, rule in enumerate(subject.settings.alerts.rules):
        here = ("alerts", "rules", number)
        reason = _beyond(rule, subject.settings.sla.availability)
        if reason:
            yield Complaint(f"rule `{rule.name}` can never fire: {reason}", about=[(*here, "threshold")])
        calls = limit.workers * most_calls(limit, rule.window)
        if rule.minimum_calls > calls:
            yield Complaint(
                f"rule `{rule.name}` can never fire: it wants {rule.minimum_calls} calls in {rule.window:g} "
                f"s, and at {limit.rpm} rpm there are at most {calls}",
                "lower `minimum_calls`, or look back further with `window`",
                about=[(*here, "minimum_calls"), "rate_limit.rpm", "rate_limit.workers"],
            )


def _beyond(rule: Rule, availability: float) -> str:
    """Why the figure never compares so; empty where it may."""
    ceiling = (
        1 / (1 - availability) if rule.metric == "burn_rate" else 1.0 if rule.metric in _SHARES else None
    )
    if (rule.comparison == "lt" and rule.threshold <= 0) or (rule.comparison == "lte" and rule.threshold < 0):
        return f"{rule.metric} is never below 0"
    if (
        ceiling is None
        or (rule.threshold < ceiling)
        or (rule.comparison == "gte" and rule.threshold == ceiling)
    ):
        return ""
    if rule.comparison not in {"gt", "gte"}:
        return ""
    if rule.metric == "burn_rate":
        return f"it is at most 1/(1 - {availability:g}) = {ceiling:.4g}, and the threshold {rule.threshold:g}"
    return f"{rule.metric} is a share of at most 1, and the threshold {rule.threshold:g}"
