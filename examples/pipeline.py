"""The library in twenty lines: a call with a limit, retries, a breaker and metrics around it."""

import random

from aurora_core.resilience import (
    Alerting,
    CircuitBreaker,
    MetricsCollector,
    Pipeline,
    RateLimiter,
    RetryHandler,
)

metrics = MetricsCollector()
alerting = Alerting()
alerting.add_default_rules()
pipeline = Pipeline(
    retry=RetryHandler(max_retries=3, base_delay_ms=10, jitter="full", deadline_s=30),
    breaker=CircuitBreaker(failure_threshold=5, timeout=60),
    limiter=RateLimiter(requests_per_minute=600),
    metrics=metrics,
)
chance = random.Random(3)


def ask(question: str) -> str:
    """Stand in for a provider that fails one time in five."""
    if chance.random() < 0.2:
        raise ConnectionError("the provider hung up")
    return f"an answer to {question!r}"


for number in range(100):
    pipeline.call(ask, f"question {number}")

seen = metrics.get_metrics()
print(f"{seen['query_count']} calls, {seen['attempt_count']} attempts, {seen['success_rate']:.0%} answered")
print(f"recovered {seen['recovery_rate']:.0%} of those that met a failure")
for alert in alerting.check_metrics(seen):
    print(alert.severity.value, alert.message)
