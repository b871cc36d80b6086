"""Alert rules, their state, and the notifications that they send."""

from aurora_core.alerting.rules import DEFAULT_RULES, Alert, Alerting, AlertRule, AlertSeverity

__all__ = ["DEFAULT_RULES", "Alert", "AlertRule", "AlertSeverity", "Alerting"]
