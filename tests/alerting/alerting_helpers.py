"""A rule, and the moment at which its tests begin."""

from aurora_core.alerting.rules import AlertRule, AlertSeverity

BEGAN_S = 1_795_000_020.0
"""A whole minute."""
RULE = AlertRule("high_error_rate", "error_rate", 0.05, "gt", AlertSeverity.CRITICAL, "Too many errors")
