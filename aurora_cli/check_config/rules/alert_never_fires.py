"""An alert rule that can never fire.

A share is never above 1, a burn rate never above 1/(1 - target), and a short window may never have its
minimum of calls.

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

from aurora_cli.check_config.call_bounds import max_calls
from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.config.sections.alerts import Rule

_SHARES = ("success_rate", "error_rate", "within_target_rate", "cache_hit_rate", "recovery_rate")


def check(context: LintContext) -> Iterator[Violation]:
    """Compare each rule with the range of its metric and with the most calls in its window."""
    limit = context.settings.rate_limit
    for number, rule in enumerate(context.settings.alerts.rules):
        here = ("alerts", "rules", number)
        reason = _out_of_reach(rule, context.settings.sla.availability)
        if reason:
            yield Violation(f"rule `{rule.name}` can never fire: {reason}", about=[(*here, "threshold")])
        calls = limit.workers * max_calls(limit, rule.window)
        if rule.minimum_calls > calls:
            yield Violation(
                f"rule `{rule.name}` can never fire: it needs {rule.minimum_calls} calls in {rule.window:g} s"
                f", but at {limit.rpm} rpm there are at most {calls}",
                "lower `minimum_calls` or raise `window`",
                about=[(*here, "minimum_calls"), "rate_limit.rpm", "rate_limit.workers"],
            )


def _out_of_reach(rule: Rule, availability: float) -> str:
    """Return why the metric never meets the condition; empty if it can."""
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
        return (
            f"it is at most 1/(1 - {availability:g}) = {ceiling:.4g}, but the threshold is {rule.threshold:g}"
        )
    return f"{rule.metric} is a share of at most 1, but the threshold is {rule.threshold:g}"
