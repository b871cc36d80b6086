"""Alert rules: a metric, a comparison and a threshold."""

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from numbers import Real
from threading import Lock
from typing import Any, Final, Literal

Comparison = Literal["gt", "lt", "gte", "lte"]

COMPARISONS: Final[Mapping[Comparison, Callable[[Any, Any], Any]]] = {
    "gt": operator.gt,
    "lt": operator.lt,
    "gte": operator.ge,
    "lte": operator.le,
}
"""How each comparison reads ``(value, threshold)``; numbers and arrays alike."""


class AlertSeverity(Enum):
    """How urgent an alert is."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True)
class AlertRule:
    """Fires while ``metric_name`` compares so with ``threshold``; a share is from 0 to 1.

    Raises ``ValueError`` for an unknown comparison, a threshold that is not finite, or an empty name.
    """

    name: str
    metric_name: str
    threshold: float
    comparison: Comparison
    severity: AlertSeverity
    description: str = ""

    def __post_init__(self) -> None:
        if not self.name or not self.metric_name:
            raise ValueError("invalid alert rule: expected a name and a metric_name, got an empty one")
        if self.comparison not in COMPARISONS:
            known = ", ".join(COMPARISONS)
            raise ValueError(
                f"rule {self.name!r}: invalid comparison {self.comparison!r}: expected one of {known}"
            )
        if not isinstance(self.threshold, Real) or not math.isfinite(self.threshold):
            raise ValueError(
                f"rule {self.name!r}: invalid threshold {self.threshold!r}: expected a finite number"
            )

    def holds(self, value: float) -> bool:
        """Return whether the condition holds for the value; it never does for NaN."""
        return bool(COMPARISONS[self.comparison](value, self.threshold))


@dataclass(frozen=True)
class Alert:
    """A rule that holds, and the value for which it does."""

    rule: str
    severity: AlertSeverity
    metric_name: str
    value: float
    threshold: float
    message: str


DEFAULT_RULES: Final = (
    AlertRule("high_error_rate", "error_rate", 0.05, "gt", AlertSeverity.WARNING, "Error rate exceeds 5%"),
    AlertRule(
        "high_latency_p95",
        "p95_latency_ms",
        10_000,
        "gt",
        AlertSeverity.WARNING,
        "P95 latency exceeds 10 seconds",
    ),
    AlertRule(
        "low_cache_hit_rate",
        "cache_hit_rate",
        0.20,
        "lt",
        AlertSeverity.INFO,
        "Cache hit rate below 20%",
    ),
    AlertRule(
        "critical_error_rate",
        "error_rate",
        0.20,
        "gt",
        AlertSeverity.CRITICAL,
        "CRITICAL: Error rate exceeds 20%",
    ),
)
"""The guide's four."""


class Alerting:
    """A set of rules, checked against current metrics."""

    def __init__(self, rules: Iterable[AlertRule] = ()) -> None:
        self._rules: dict[str, AlertRule] = {}
        self._lock = Lock()
        for rule in rules:
            self.add_rule(rule)

    @property
    def rules(self) -> tuple[AlertRule, ...]:
        """All rules, in the order in which they were added."""
        with self._lock:
            return tuple(self._rules.values())

    def add_rule(self, rule: AlertRule) -> None:
        """Add a rule. ``ValueError`` if its name is taken."""
        self._add((rule,))

    def add_default_rules(self) -> None:
        """Add the guide's four. ``ValueError`` if one of their names is taken; then none is added."""
        self._add(DEFAULT_RULES)

    def check_metrics(self, metrics: Mapping[str, object]) -> list[Alert]:
        """Return an alert for each rule that holds. A metric that is missing, None or NaN fires nothing."""
        alerts = []
        for rule in self.rules:
            value = metrics.get(rule.metric_name)
            if isinstance(value, Real) and rule.holds(float(value)):
                alerts.append(_alert(rule, float(value)))
        return alerts

    def _add(self, rules: tuple[AlertRule, ...]) -> None:
        with self._lock:
            for rule in rules:
                if rule.name in self._rules:
                    raise ValueError(
                        f"duplicate alert rule {rule.name!r}: expected a name that no other rule has"
                    )
            self._rules.update((rule.name, rule) for rule in rules)


def describe(summary: str, metric_name: str, value: float, threshold: float) -> str:
    """Return the message of a rule that holds."""
    return f"{summary} ({metric_name} is {value:g}, threshold {threshold:g})"


def _alert(rule: AlertRule, value: float) -> Alert:
    message = describe(rule.description or rule.name, rule.metric_name, value, rule.threshold)
    return Alert(rule.name, rule.severity, rule.metric_name, value, rule.threshold, message)
