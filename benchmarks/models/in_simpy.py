"""The replayed system as a SimPy model, written from the semantics and from nothing of this project.

The oracle of the tests, and a peer of the benchmark. It is naive on purpose: limits look through all
starts so far, a bucket counts tokens, the breaker is a handful of flags.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import simpy

from models.simpy_parts import EQUAL_S, Breaker, Bucket, Budget, Provider, System, Tier, Window

Chance = Callable[[int, int, int], float]
"""(query, attempt, purpose) to a number in [0, 1); purpose 0 is a fault, 1 is jitter."""


MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def splitmix64(bits: int) -> int:
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB & MASK
    return bits ^ (bits >> 31)


def hashed(seed: int, query: int, counter: int) -> int:
    """The hash of the three numbers, in whole numbers as the paper on splitmix64 has it."""
    return splitmix64(splitmix64(seed + (query + 1) * GOLDEN & MASK) + counter * GOLDEN & MASK)


def splitmix(seed: int) -> Chance:
    """The chance of a replay with that seed; it never has counter 0."""
    return lambda query, attempt, purpose: (hashed(seed, query, 2 * attempt + purpose + 1) >> 11) * 2.0**-53


def dealer(seed: int, workers: int) -> Callable[[int], int]:
    """The worker that a query is dealt to."""
    return lambda query: hashed(seed, query, 0) % workers


@dataclass
class Outcome:
    """What became of a query. ``reason``: why retrying calls without an answer."""

    outcome: str = ""
    attempts: int = 0
    start: float | None = None
    end: float = 0.0
    wait: float = 0.0
    backoff: float = 0.0
    reason: str = ""


@dataclass
class Lane:
    """What one worker has for one tier of models."""

    limiter: Window | Bucket | None
    breaker: Breaker


class Service:
    """The processes of all queries; each worker has limiters, breakers and a budget of its own."""

    def __init__(
        self,
        system: System,
        services: Sequence[float],
        fails: Callable[[int, int, float], str],
        chance: Chance,
        env: simpy.Environment,
    ) -> None:
        self.system, self.services, self.fails, self.chance, self.env = system, services, fails, chance, env
        self.provider = Provider(system)
        self.lanes: dict[tuple[Tier | None, int], Lane] = {}
        self.budgets: dict[int, Budget] = {}

    def lane(self, tier: Tier | None, worker: int) -> Lane:
        if (tier, worker) not in self.lanes:
            system = self.system
            rpm, burst = (system.rpm, system.burst) if tier is None else (tier.rpm, tier.burst)
            limiter = None
            if system.rpm is not None:
                limiter = Window(int(rpm)) if burst is None else Bucket(burst, rpm / 60.0)
            self.lanes[tier, worker] = Lane(limiter, Breaker(system))
        return self.lanes[tier, worker]

    def budget(self, worker: int) -> Budget | None:
        ratio = self.system.budget_ratio
        if ratio is None:
            return None
        return self.budgets.setdefault(worker, Budget(ratio, self.system.budget_capacity))

    def query(self, query, model, worker, out):
        lane, budget = self.lane(self.system.tier(model), worker), self.budget(worker)
        bound = self.system.deadline
        deadline = float("inf") if bound is None else self.env.now + bound
        out.outcome = yield from self._life(query, lane, budget, deadline, out)
        out.end = self.env.now

    def _life(self, query, lane, budget, deadline, out):
        if self.system.per_call and not (yield from self._pass(lane.limiter, deadline, out)):
            return "rate_limited"
        while True:
            status, requested = yield from self._attempt(query, lane, deadline, out)
            if status in ("rate_limited", "breaker_open"):
                return status
            if status == "ok":
                if budget is not None:
                    budget.earn()
                return "first_try" if out.attempts == 1 else "recovered"
            if status == "fatal":
                return "non_retryable"
            delay = self._delay(query, out.attempts, requested)
            out.reason = self._stops(out.attempts, requested, delay, deadline, budget)
            if out.reason:
                return "retries_exhausted"
            out.backoff += delay
            yield self.env.timeout(delay)

    def _attempt(self, query, lane, deadline, out):
        """One attempt: (status, asked seconds); ends the query where breaker or limiter refuse."""
        env, breaker = self.env, lane.breaker
        if not breaker.enter(env.now):
            return "breaker_open", 0.0
        era = breaker.era
        if not self.system.per_call and not (yield from self._pass(lane.limiter, deadline, out)):
            breaker.leave(era, env.now, "neutral")
            return "rate_limited", 0.0
        number = out.attempts
        out.attempts += 1
        out.start = env.now if out.start is None else out.start
        requested = self.provider.refuses(env.now)
        status = "throttled"
        if requested is None:
            status = self.fails(query, number, env.now)
            yield env.timeout(self.services[query])
        breaker.leave(era, env.now, {"ok": "success", "transient": "failure"}.get(status, "neutral"))
        return status, requested or 0.0

    def _pass(self, limiter, deadline, out):
        """Wait at the limiter, no longer than it allows and the deadline leaves; false: refused."""
        if limiter is None:
            return True
        now = self.env.now
        longest = min(self.system.max_wait, max(0.0, deadline - now))
        start = limiter.next_start(now)
        if start - now > longest + EQUAL_S:
            return False
        limiter.take(start if isinstance(limiter, Window) else now)
        if start > now and longest > 0.0:
            out.wait += start - now
            yield self.env.timeout(start - now)
        return True

    def _delay(self, query, attempts, requested):
        delay = min(self.system.cap, self.system.base * self.system.multiplier ** (attempts - 1))
        if self.system.jitter != "none":
            drawn = self.chance(query, attempts, 1)
            delay = drawn * delay if self.system.jitter == "full" else delay / 2 + drawn * delay / 2
        return max(delay, requested)

    def _stops(self, attempts, requested, delay, deadline, budget):
        """Why there is no retry; empty: there is one, and it is paid for."""
        if attempts > self.system.max_retries:
            return "attempts"
        if requested > self.system.max_retry_after or self.env.now + delay >= deadline:
            return "deadline"
        return "" if budget is None or budget.spend() else "budget"


def simulate(
    system: System,
    arrivals: Sequence[float],
    services: Sequence[float],
    fails: Callable[[int, int, float], str],
    chance: Chance,
    worker: Callable[[int], int] = lambda _query: 0,
    models: Sequence[str | None] | None = None,
) -> list[Outcome]:
    """Run it. ``fails`` says of (query, attempt, time): ``ok``, ``transient``, ``throttled`` or ``fatal``.

    ``worker`` is that of a query; ``models`` are what the queries ask, None where it is not known.
    """
    env = simpy.Environment()
    outcomes = [Outcome() for _ in arrivals]
    service = Service(system, services, fails, chance, env)

    def source():
        for query, arrival in enumerate(arrivals):
            yield env.timeout(max(0.0, arrival - env.now))
            model = None if models is None else models[query]
            env.process(service.query(query, model, worker(query), outcomes[query]))

    env.process(source())
    env.run()
    return outcomes
