"""The live objects beside the libraries that people use for the same."""

import logging
import threading
import time

import circuitbreaker
import prometheus_client
import pybreaker
import pyrate_limiter
import tenacity
from harness import Row, in_turn, nanoseconds, repeated

from aurora_core.resilience import CircuitBreaker, MetricsCollector, RateLimiter, RetryHandler

CALLS = 20_000
ROUNDS = 9
THREADS = 8
RPM = 6_000_000  # never reached: what is timed is a call that need not wait


def answer():
    return 1


def retry():
    handler = RetryHandler()
    peer = tenacity.Retrying(stop=tenacity.stop_after_attempt(4), wait=tenacity.wait_exponential())
    return _row(
        "retry, success path",
        "tenacity",
        lambda: handler.execute_with_retry(answer),
        lambda: peer(answer),
        20,
    )


def limiter():
    ours = RateLimiter(RPM)
    peer = pyrate_limiter.Limiter(pyrate_limiter.Rate(RPM, pyrate_limiter.Duration.MINUTE))
    return _row(
        "limiter, a slot is free", "pyrate-limiter", ours.wait_if_needed, lambda: peer.try_acquire("x"), 6
    )


def breaker():
    ours, peer = CircuitBreaker(), pybreaker.CircuitBreaker()
    return _row("breaker, closed", "pybreaker", lambda: ours.call(answer), lambda: peer.call(answer), 2)


def breaker_beside_circuitbreaker():
    """A peer that is faster: it has no generations, and no window of failures."""
    ours, peer = CircuitBreaker(), circuitbreaker.CircuitBreaker()
    return _row(
        "breaker, closed", "circuitbreaker", lambda: ours.call(answer), lambda: peer.call(answer), None
    )


def metrics():
    ours = MetricsCollector()
    counter = prometheus_client.Counter("calls", "calls")
    histogram = prometheus_client.Histogram("latency", "latency")

    def peer():
        counter.inc()
        histogram.observe(0.25)

    return _row("record_query", "prometheus-client", lambda: ours.record_query(250.0), peer, 1.5)


def threads():
    ours = RateLimiter(RPM)
    peer = pyrate_limiter.Limiter(pyrate_limiter.Rate(RPM, pyrate_limiter.Duration.MINUTE))
    calls = CALLS // 4

    def crowd(call):
        def work():
            workers = [threading.Thread(target=repeated(call, calls)) for _ in range(THREADS)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()

        return work

    pair = in_turn(crowd(ours.wait_if_needed), crowd(lambda: peer.try_acquire("x")), 5, time.perf_counter)
    total = calls * THREADS
    return Row(
        f"limiter, {THREADS} threads",
        f"{total / pair.ours:,.0f} per second",
        f"pyrate-limiter {total / pair.peer:,.0f} per second",
        f"{pair.times_faster:.1f} times the throughput",
        "at least 5",
        pair.times_faster >= 5,
    )


def rows():
    logging.disable(logging.CRITICAL)
    return [retry(), limiter(), breaker(), breaker_beside_circuitbreaker(), metrics(), threads()]


def _row(what, name, ours, peer, promised):
    pair = in_turn(repeated(ours, CALLS), repeated(peer, CALLS), ROUNDS)
    return Row(
        what,
        nanoseconds(pair.ours, CALLS),
        f"{name} {nanoseconds(pair.peer, CALLS)}",
        f"1/{pair.times_faster:.1f}" if pair.times_faster >= 1 else f"{1 / pair.times_faster:.1f}",
        f"at most 1/{promised:g}" if promised else "",
        not promised or pair.times_faster >= promised,
    )
