"""Which figures are worth waking someone for."""

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from numbers import Real
from threading import Lock
from typing import Final, Literal

Comparison = Literal["gt", "lt", "gte", "lte"]

_COMPARE: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "gt": operator.gt,
    "lt": operator.lt,
    "gte": operator.ge,
    "lte": operator.le,
}


class AlertSeverity(Enum):
    """How loud."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True)
class AlertRule:
    """Fires while ``metric_name`` compares so with ``threshold``; a share is from 0 to 1.

    Raises ``ValueError`` for an unknown comparison, a threshold that is no finite number, or an empty name.
    """

    name: str
    metric_name: str
    threshold: float
    comparison: Comparison
    severity: AlertSeverity
    description: str = ""

    def __post_init__(self) -> None:
        if not self.name or not self.metric_name:
            raise ValueError("an alert rule needs a name and a metric_name")
        if self.comparison not in _COMPARE:
            known = ", ".join(_COMPARE)
            raise ValueError(f"rule {self.name!r}: comparison is one of {known}, not {self.comparison!r}")
        if not isinstance(self.threshold, Real) or not math.isfinite(self.threshold):
            raise ValueError(f"rule {self.name!r}: threshold must be a finite number, not {self.threshold!r}")

    def holds(self, value: float) -> bool:
        """Whether the condition holds for the value; it never does for NaN."""
        return _COMPARE[self.comparison](value, self.threshold)


@dataclass(frozen=True)
class Alert:
    """A rule that holds, and the value that made it."""

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
    """Rules, and which of them hold for the metrics of now."""

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
        """Watch one more rule. ``ValueError`` where its name is taken."""
        self._add((rule,))

    def add_default_rules(self) -> None:
        """Watch the guide's four. ``ValueError`` where one of their names is taken; then none is added."""
        self._add(DEFAULT_RULES)

    def check_metrics(self, metrics: Mapping[str, object]) -> list[Alert]:
        """Say which rules hold now. A metric that is missing, None or NaN fires nothing."""
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
                    raise ValueError(f"there is a rule {rule.name!r} already")
            self._rules.update((rule.name, rule) for rule in rules)


def stated(what: str, metric_name: str, value: float, threshold: float) -> str:
    """Say what a rule found."""
    return f"{what} ({metric_name} is {value:g}, threshold {threshold:g})"


def _alert(rule: AlertRule, value: float) -> Alert:
    message = stated(rule.description or rule.name, rule.metric_name, value, rule.threshold)
    return Alert(rule.name, rule.severity, rule.metric_name, value, rule.threshold, message)
