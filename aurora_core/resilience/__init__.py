"""What a service imports: retry, rate limit, circuit breaker, and what watches them.

The guide's names, from the rooms that they live in. Importing this loads the standard library only.
"""

from aurora_core.alerting import Alert, Alerting, AlertRule, AlertSeverity
from aurora_core.clock import Clock, SystemClock
from aurora_core.errors import AuroraError, CircuitBreakerOpen, RateLimitExceeded, RetryError
from aurora_core.manual_clock import ManualClock
from aurora_core.metrics import MetricsCollector
from aurora_core.resilience.breaker import BreakerMode, CircuitBreaker
from aurora_core.resilience.budget import RetryBudget
from aurora_core.resilience.limiter import RateLimiter
from aurora_core.resilience.pipeline import Pipeline
from aurora_core.resilience.retry import RetryHandler

__all__ = [
    "Alert",
    "AlertRule",
    "AlertSeverity",
    "Alerting",
    "AuroraError",
    "BreakerMode",
    "CircuitBreaker",
    "CircuitBreakerOpen",
    "Clock",
    "ManualClock",
    "MetricsCollector",
    "Pipeline",
    "RateLimitExceeded",
    "RateLimiter",
    "RetryBudget",
    "RetryError",
    "RetryHandler",
    "SystemClock",
]
