"""A severity without a route.

Alerts of that severity are sent nowhere.

Example::

    [alerts.routes]
    critical = []

Instead::

    [alerts.routes]
    critical = ["log"]
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Check the severities of all rules."""
    alerts = context.settings.alerts
    routes = alerts.routes.model_dump()
    for severity, channels in routes.items():
        rules = [rule.name for rule in alerts.alert_rules() if rule.severity.value == severity]
        if rules and not channels:
            others = f" and {len(rules) - 1} more" if len(rules) > 1 else ""
            yield Violation(
                f"rule `{rules[0]}`{others} has no route for severity {severity}",
                f"add a channel to `alerts.routes.{severity}`, or change the rule's severity",
                about=[f"alerts.routes.{severity}", "alerts.rules", "alerts.default_rules"],
            )
