"""The replayed system as a SimPy model, written from the semantics and from nothing of this project.

The oracle of the tests, and a peer of the benchmark. It is naive on purpose: limits look through all
starts so far, a bucket counts tokens, the breaker is a handful of flags.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import simpy

EQUAL_S = 1e-6
"""Two times that differ by less are equal: a wait of exactly the longest one is admitted."""
ROUNDING = 1e-9
"""SimPy adds delays up; a minute or a credit that is just reached must not look missed by a rounding."""
SLICES = 60
"""A breaker's window is counted in so many slices."""

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


@dataclass(frozen=True)
class Tier:
    """A limit of their own for the models of a pattern."""

    provider: str
    pattern: str
    rpm: int
    burst: float | None = None


@dataclass
class System:
    """The numbers of the service and the provider.

    ``rpm`` None: no limit; ``threshold`` None: no breaker; ``budget_ratio`` None: no budget. ``model`` and
    ``model_provider`` are what a query asks whose model is not known.
    """

    rpm: float | None = 60
    burst: float | None = None
    max_wait: float = 60.0
    per_call: bool = False
    tiers: Sequence[Tier] = ()
    model: str = ""
    model_provider: str = ""
    max_retries: int = 3
    base: float = 0.1
    cap: float = 5.0
    multiplier: float = 2.0
    jitter: str = "none"
    max_retry_after: float = 120.0
    deadline: float | None = None
    budget_ratio: float | None = None
    budget_capacity: float = 10.0
    threshold: int | None = 5
    timeout: float = 60.0
    failure_rate: float | None = None
    minimum_calls: int = 10
    window: float = 60.0
    provider_rpm: int | None = None
    provider_limit: str = "window"
    retry_after: str = "reset"

    def tier(self, model: str | None) -> Tier | None:
        """The first tier of the model; a model that is not known is the service's own."""
        for tier in self.tiers:
            if model is None:
                if tier.provider == self.model_provider and fnmatchcase(self.model, tier.pattern):
                    return tier
            elif fnmatchcase(model, tier.pattern):
                return tier
        return None


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
class Window:
    """At most ``n`` starts in a rolling minute, promised in order of asking."""

    n: int
    starts: list[float] = field(default_factory=list)

    def next_start(self, now: float) -> float:
        last = self.starts[-1] if self.starts else now
        full = self.starts[-self.n] + 60.0 if len(self.starts) >= self.n else now
        return max(now, last, full)

    def take(self, start: float) -> None:
        self.starts.append(start)

    def whole_again(self, _now: float) -> float:
        return self.starts[-1] + 60.0


@dataclass
class Bucket:
    """Tokens that drip in; a promise for later makes the level negative."""

    size: float
    rate: float
    level: float = 0.0
    at: float = 0.0

    def __post_init__(self) -> None:
        self.level = self.size

    def _now(self, now: float) -> float:
        return min(self.size, self.level + (now - self.at) * self.rate)

    def next_start(self, now: float) -> float:
        return now + max(0.0, 1.0 - self._now(now)) / self.rate

    def take(self, now: float) -> None:
        self.level, self.at = self._now(now) - 1.0, now

    def whole_again(self, now: float) -> float:
        return now + (self.size - self._now(now)) / self.rate


@dataclass
class Budget:
    """Credits for retries: a success earns a part of one, a retry takes one."""

    ratio: float
    capacity: float
    credits: float = field(init=False)

    def __post_init__(self) -> None:
        self.credits = self.capacity

    def earn(self) -> None:
        self.credits = min(self.capacity, self.credits + self.ratio)

    def spend(self) -> bool:
        if self.credits < 1.0 - ROUNDING:
            return False
        self.credits = max(0.0, self.credits - 1.0)
        return True


@dataclass
class Breaker:
    """Flags, and the results so far. ``era`` changes with each change of state and each probe."""

    system: System
    state: str = "closed"
    era: int = 0
    failures: int = 0
    blocked_until: float = 0.0
    results: list[tuple[float, bool]] = field(default_factory=list)

    def enter(self, now: float) -> bool:
        if self.state == "closed":
            return True
        if now < self.blocked_until:
            return False
        self.state, self.era, self.blocked_until = "half-open", self.era + 1, now + self.system.timeout
        return True

    def leave(self, era: int, now: float, result: str) -> None:
        if era != self.era or self.system.threshold is None:
            return
        if self.state == "half-open":
            self.era += 1
            if result == "success":
                self.state, self.failures, self.results = "closed", 0, []
            elif result == "failure":
                self.state, self.blocked_until = "open", now + self.system.timeout
            else:
                self.blocked_until = now
        elif result != "neutral":
            self.failures = self.failures + 1 if result == "failure" else 0
            if self._trips(now, failed=result == "failure"):
                self.state, self.blocked_until, self.era = "open", now + self.system.timeout, self.era + 1

    def _trips(self, now: float, *, failed: bool) -> bool:
        if self.system.failure_rate is None:
            return self.failures >= self.system.threshold
        slice_now = now * SLICES / self.system.window // 1.0
        self.results.append((slice_now, failed))
        counted = [failed for number, failed in self.results if number > slice_now - SLICES]
        return (
            len(counted) >= self.system.minimum_calls
            and sum(counted) / len(counted) >= self.system.failure_rate
        )


class Provider:
    """Answers 429 above its own limit."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.limit: Window | Bucket | None = None
        self.minute, self.count = -1.0, 0
        if system.provider_rpm is not None:
            rpm = system.provider_rpm
            self.limit = Bucket(rpm, rpm / 60.0) if system.provider_limit == "bucket" else Window(rpm)

    def refuses(self, now: float) -> float | None:
        """None: served. Else the seconds that its 429 asks to wait, in whole milliseconds, rounded up."""
        if self.limit is None:
            return None
        if self.system.provider_limit == "fixed":
            minute = (now + ROUNDING) // 60.0
            self.minute, self.count = minute, self.count if minute == self.minute else 0
            if self.count < self.system.provider_rpm:
                self.count += 1
                return None
            wait = (minute + 1) * 60.0 - now
        else:
            free = self.limit.next_start(now)
            if free - now <= EQUAL_S:
                self.limit.take(free if isinstance(self.limit, Window) else now)
                return None
            wait = (self.limit.whole_again(now) if self.system.retry_after == "reset" else free) - now
        return 0.0 if self.system.retry_after == "none" else -(-wait * 1000.0 // 1.0) / 1000.0


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
            if rpm is not None:
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
            if status.startswith("refused"):
                return status
            if status == "ok":
                if budget is not None:
                    budget.earn()
                return "answered" if out.attempts == 1 else "recovered"
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
