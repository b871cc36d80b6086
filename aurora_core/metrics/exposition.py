"""The metrics port: what a Prometheus reads. Needs the extra ``[metrics]``.

With a store the sums are those of all its processes, whichever of them answers: one port for all workers.
What another one counted in the last ten seconds may be on its way to the store still. Breakers and limiters
are those of the process that answers.
"""

import errno
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, Metric, make_wsgi_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from aurora_core.errors import StoreError
from aurora_core.metrics.counters import COUNTERS
from aurora_core.metrics.http_server import MetricsServer
from aurora_core.metrics.rollup import Rollup
from aurora_core.singleflight import SingleFlight

BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds in seconds; the latency target is one more."""


class _Breaker(Protocol):
    @property
    def state(self) -> str: ...


class _Limiter(Protocol):
    def wait_now(self) -> float: ...
    @property
    def queue(self) -> int: ...


class Exposition:
    """Makes families of sums, as prometheus-client's registry asks for them.

    ``totals`` gives the sums since the beginning, which only grow. ``target_ms`` is the latency target: its
    bucket is exact, the others are at most 1 % off at their bounds. ``availability`` is the target of the
    error budget. Where ``totals`` raises ``StoreError`` there are no sums, and ``aurora_store_up`` is 0.
    """

    def __init__(
        self,
        totals: Callable[[], Rollup],
        *,
        target_ms: float = 500.0,
        availability: float = 0.999,
        breakers: Mapping[str, _Breaker] | None = None,
        limiters: Mapping[str, _Limiter] | None = None,
    ) -> None:
        self._totals = totals
        self._target_ms = target_ms
        self._availability = availability
        self._breakers = breakers or {}
        self._limiters = limiters or {}
        self._flights: SingleFlight[Rollup | None] = SingleFlight()

    def collect(self) -> Iterator[Metric]:
        """All families, from one look at the sums; who asks at the same time shares it."""
        total = self._read_totals()
        help_ = "1 if the metrics store can be read, else 0."
        yield GaugeMetricFamily("aurora_store_up", help_, value=float(total is not None))
        if total is not None:
            yield from self._counters(total)
            yield self._latency(total)
            yield self._budget(total)
        yield from self._states()

    def _read_totals(self) -> Rollup | None:
        flight, mine = self._flights.join("sums")
        if mine:
            with self._flights.lead("sums", flight):
                try:
                    flight.set_result(self._totals())
                except StoreError:
                    flight.set_result(None)
        return flight.result()

    def _counters(self, total: Rollup) -> Iterator[Metric]:
        calls = CounterMetricFamily("aurora_calls", "Calls by outcome.", labels=["outcome"])
        calls.add_metric(["answered"], total.calls - total.failed)
        for reason, times in sorted(total.failures.items()):
            calls.add_metric([reason], times)
        yield calls
        for counter in COUNTERS:
            if counter.series:
                yield CounterMetricFamily(counter.series, counter.help, value=getattr(total, counter.name))
        lookups = CounterMetricFamily("aurora_cache_lookups", "Cache lookups by result.", labels=["result"])
        lookups.add_metric(["hit"], total.cache_hits)
        lookups.add_metric(["miss"], total.cache_lookups - total.cache_hits)
        yield lookups
        errors = CounterMetricFamily("aurora_errors", "Errors by the name of their type.", labels=["type"])
        for error_type, times in sorted(total.errors.items()):
            errors.add_metric([error_type.encode(errors="replace").decode()], times)
        yield errors

    def _latency(self, total: Rollup) -> Metric:
        target_s = self._target_ms / 1000.0
        within = {bound: total.latency.at_most(bound * 1000.0) for bound in BUCKETS_S}
        within[target_s] = total.within_target
        buckets, most = [], 0
        for bound in sorted(within):  # one bound is exact and its neighbours are not: none may fall behind
            most = max(most, min(within[bound], total.calls))
            buckets.append((f"{bound:.15g}", most))
        buckets.append(("+Inf", total.calls))
        family = HistogramMetricFamily(
            "aurora_call_latency_seconds", "Latency of calls from request to answer, waits included."
        )
        family.add_metric([], buckets, total.latency.total / 1000.0)
        return family

    def _budget(self, total: Rollup) -> Metric:
        allowed = (1.0 - self._availability) * total.calls
        left = 1.0 - total.failed / allowed if allowed else math.nan
        help_ = "Share of the availability error budget that is left; negative if overspent."
        return GaugeMetricFamily("aurora_error_budget_remaining_ratio", help_, value=left)

    def _states(self) -> Iterator[Metric]:
        labels = ["breaker", "state"]
        state = GaugeMetricFamily(
            "aurora_breaker_state",
            "1 for the current state of the circuit breaker, 0 for the others.",
            labels=labels,
        )
        for name, breaker in self._breakers.items():
            location = breaker.state
            for each in ("CLOSED", "OPEN", "HALF_OPEN"):
                state.add_metric([name, each.lower()], float(location == each))
        yield state
        help_ = "Time that a new request would wait for the rate limiter."
        wait = GaugeMetricFamily("aurora_rate_limiter_wait_seconds", help_, labels=["limiter"])
        help_ = "Requests that wait for the rate limiter."
        queue = GaugeMetricFamily("aurora_rate_limiter_queue_length", help_, labels=["limiter"])
        for name, limiter in self._limiters.items():
            wait.add_metric([name], limiter.wait_now())
            queue.add_metric([name], limiter.queue)
        yield wait
        yield queue


def serve_metrics(
    port: int,
    exposition: Exposition,
    address: str = "0.0.0.0",  # noqa: S104 - Prometheus asks from outside
) -> Callable[[], None] | None:
    """Serve the metrics in a thread of their own; how to stop it, None where another worker has the port."""
    registry = CollectorRegistry()
    registry.register(exposition)
    try:
        return MetricsServer(address, port, make_wsgi_app(registry)).serve()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return None
        raise
