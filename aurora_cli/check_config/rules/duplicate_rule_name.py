"""Two alert rules with the same name.

The name identifies a rule in its messages and in the store.

Example::

    [[alerts.rules]]
    name = "high_error_rate"
    metric = "error_rate"
    comparison = "gt"
    threshold = 0.02

Instead::

    [alerts]
    default_rules = false
    [[alerts.rules]]
    name = "high_error_rate"
    metric = "error_rate"
    comparison = "gt"
    threshold = 0.02
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.alerting import DEFAULT_RULES


def check(context: LintContext) -> Iterator[Violation]:
    """Report the second one; the guide's four rules count unless they are disabled."""
    alerts = context.settings.alerts
    seen = {rule.name for rule in DEFAULT_RULES} if alerts.default_rules else set()
    for number, rule in enumerate(alerts.rules):
        if rule.name in seen:
            yield Violation(
                f"duplicate alert rule `{rule.name}`",
                "rename it, or disable the guide's rules with `alerts.default_rules = false`",
                about=[("alerts", "rules", number, "name"), "alerts.default_rules"],
            )
        seen.add(rule.name)
