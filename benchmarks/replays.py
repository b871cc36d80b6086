"""The replay beside SimPy and beside the same loop in C, on the same model, with identical outcomes."""

import time

import numpy as np
from harness import Row, in_turn

from aurora_cli.simulate import Provider, Scenario, Workload, replay
from aurora_cli.simulate.outcomes import NAMES
from aurora_core.config.sections.rate_limit import RateLimit
from aurora_core.config.sections.retry import Retry
from models import in_c
from models.in_simpy import simulate, splitmix
from models.simpy_parts import System

QUERIES = 2_000_000
MANY = 20_000_000
SEED = 3
SCENARIO = Scenario(RateLimit(rpm=6000), Retry(jitter="full"))
PROVIDERS = {
    "limiter, retry, breaker, 5 % errors": Provider(error_rate=0.05),
    "the same and the provider's own limit": Provider(error_rate=0.05, rpm=5000),
}


def bursty(n):
    """Traffic of 80 queries a second, five times as dense in every fifth stretch of two thousand."""
    rng = np.random.default_rng(1)
    gaps = rng.exponential(1 / 80, n)
    gaps[(np.arange(n) // 2000) % 5 == 0] *= 0.2
    arrival = np.cumsum(gaps)
    return Workload(arrival - arrival[0], rng.lognormal(-0.5, 0.5, n), np.zeros(n, np.int8))


def beside_c(workload):
    library = in_c.build()
    for name, provider in PROVIDERS.items():
        if library is None:
            yield Row(f"replay, {name}", "", "C: no compiler found", "", "at least 0.65 of C", True)
            continue
        same(
            replay(workload, SCENARIO, provider, seed=SEED),
            in_c.replay(library, workload, SCENARIO, provider, SEED),
        )
        pair = in_turn(
            lambda provider=provider: replay(workload, SCENARIO, provider, seed=SEED),
            lambda provider=provider: in_c.replay(library, workload, SCENARIO, provider, SEED),
            9,
        )
        yield Row(
            f"replay, {name}",
            rate(pair.ours),
            f"C {rate(pair.peer)}",
            f"{pair.times_faster:.2f} of C",
            "at least 0.65 of C",
            pair.times_faster >= 0.65,
        )


def beside_simpy(workload):
    """Once: SimPy takes most of a minute of CPU time, beside which our noise is nothing."""
    name, provider = next(iter(PROVIDERS.items()))
    began = time.process_time()
    ours = replay(workload, SCENARIO, provider, seed=SEED)
    mine = time.process_time() - began
    began = time.process_time()
    theirs = in_simpy(workload, provider)
    peer = time.process_time() - began
    kinds = np.array([NAMES.index(query.outcome) for query in theirs], np.int8)
    differing = int((kinds != ours.outcomes.outcome).sum())
    yield Row(
        f"replay, {name}",
        rate(mine),
        f"SimPy {rate(peer)}",
        f"{peer / mine:.0f} times SimPy, {differing} of {QUERIES:,} outcomes differ",
        "at least 50, none differs",
        peer / mine >= 50 and differing == 0,
    )


def in_simpy(workload, provider):
    chance = splitmix(SEED)

    def fails(query, attempt, _now):
        return "transient" if chance(query, attempt, 0) < provider.error_rate else "ok"

    return simulate(
        System(rpm=int(SCENARIO.rate_limit.rpm), jitter="full"),
        workload.arrival_s.tolist(),
        workload.service_s.tolist(),
        fails,
        chance,
    )


def linear(workload):
    many = bursty(MANY)
    provider = PROVIDERS["limiter, retry, breaker, 5 % errors"]
    pair = in_turn(
        lambda: replay(many, SCENARIO, provider, seed=SEED),
        lambda: replay(workload, SCENARIO, provider, seed=SEED),
        3,
    )
    growth = pair.ours / MANY / (pair.peer / QUERIES)
    return Row(
        f"cost of a query, {MANY:,} queries beside {QUERIES:,}",
        f"{pair.ours / MANY * 1e9:.0f} ns",
        f"itself {pair.peer / QUERIES * 1e9:.0f} ns",
        f"{growth:.2f}",
        "linear: about 1",
        growth <= 1.25,
    )


def same(ours, theirs):
    for a, b in zip(ours.outcomes, theirs.outcomes, strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(ours.sent, theirs.sent)
    assert ours.longest_queue == theirs.longest_queue


def rate(seconds):
    return f"{QUERIES / seconds / 1e6:.3g} million queries/s"


def rows():
    workload = bursty(QUERIES)
    return [*beside_c(workload), *beside_simpy(workload), linear(workload)]
