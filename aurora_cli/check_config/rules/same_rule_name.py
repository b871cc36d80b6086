"""Two alert rules of one name.

A message and its resolution are told apart by the rule's name.

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

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.alerting import DEFAULT_RULES


def check(subject: Subject) -> Iterator[Complaint]:
    """Point at the second; the guide's four are there unless they are turned off."""
    alerts = subject.settings.alerts
    seen = {rule.name for rule in DEFAULT_RULES} if alerts.default_rules else set()
    for number, rule in enumerate(alerts.rules):
        if rule.name in seen:
            yield Complaint(
                f"there is a rule `{rule.name}` already",
                "rename it, or turn the guide's rules off with `alerts.default_rules = false`",
                about=[("alerts", "rules", number, "name"), "alerts.default_rules"],
            )
        seen.add(rule.name)
