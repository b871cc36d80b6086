"""The reference of the Prometheus metrics, from what a service exposes."""

from collections.abc import Mapping

from prometheus_client import Metric

from aurora_core.manual_clock import ManualClock
from aurora_core.metrics import MetricsCollector
from aurora_core.metrics.exposition import Exposition
from aurora_core.resilience import CircuitBreaker, RateLimiter
from docs.generate import markdown
from docs.generate.markdown import code, prose, table

_SUMMARY = """\
The series that `Service.serve_metrics()` exposes for Prometheus. Counters start at 0 when the store is
created; with a store they are the sums of all processes, whichever process answers."""


def page() -> str:
    """Return the page: a row for each metric."""
    rows = [
        (
            code(_series(family)),
            family.type,
            ", ".join(map(code, _labels(family))),
            prose(family.documentation),
        )
        for family in _exposition().collect()
    ]
    return markdown.page("Metrics", _SUMMARY, table(("Series", "Type", "Labels", "Meaning"), rows))


def _exposition() -> Exposition:
    """Return an exposition that has a sample of every family."""
    clock = ManualClock()
    collector = MetricsCollector(clock=clock)
    collector.record_query(100.0)
    collector.record_query(100.0, success=False)
    collector.record_error("TimeoutError")
    breakers: Mapping[str, CircuitBreaker] = {"default": CircuitBreaker(clock=clock)}
    limiters: Mapping[str, RateLimiter] = {"default": RateLimiter(requests_per_minute=60, clock=clock)}
    return Exposition(collector.totals, breakers=breakers, limiters=limiters)


def _series(family: Metric) -> str:
    return f"{family.name}_total" if family.type == "counter" else family.name


def _labels(family: Metric) -> list[str]:
    return sorted({name for sample in family.samples for name in sample.labels if name != "le"})
