"""The replayed system as a SimPy model, written from the semantics and from nothing of this project.

The oracle of the tests, and a peer of the benchmark. It is naive on purpose: limits look through all
starts so far, a bucket counts tokens, the breaker is a handful of flags.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import simpy

EPSILON = 1e-9
"""SimPy adds delays up; a limit reached at this very moment must not look exceeded by a rounding."""

Chance = Callable[[int, int, int], float]
"""(query, attempt, purpose) to a number in [0, 1); purpose 0 is a fault, 1 is jitter."""


MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def splitmix(seed: int) -> Chance:
    """The chance of a replay with that seed, in whole numbers as the paper on splitmix64 has it."""

    def mixed(bits):
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9 & MASK
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB & MASK
        return bits ^ (bits >> 31)

    def chance(query, attempt, purpose):
        key = mixed(seed + (query + 1) * GOLDEN & MASK)
        return (mixed(key + (2 * attempt + purpose + 1) * GOLDEN & MASK) >> 11) * 2.0**-53

    return chance


@dataclass
class System:
    """The numbers of the service and the provider. ``rpm`` None: no limit; ``threshold`` None: no breaker."""

    rpm: int | None = 60
    burst: float | None = None
    max_wait: float = 60.0
    per_call: bool = False
    max_retries: int = 3
    base: float = 0.1
    cap: float = 5.0
    multiplier: float = 2.0
    jitter: str = "none"
    max_retry_after: float = 120.0
    threshold: int | None = 5
    timeout: float = 60.0
    provider_rpm: int | None = None
    provider_limit: str = "window"
    retry_after: str = "reset"


@dataclass
class Outcome:
    """What became of a query."""

    outcome: str = ""
    attempts: int = 0
    start: float | None = None
    end: float = 0.0
    wait: float = 0.0
    backoff: float = 0.0


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
        missing = 1.0 - self._now(now)
        return now if missing <= EPSILON else now + missing / self.rate

    def take(self, start: float) -> None:
        now = min(start, max(self.at, start))
        self.level, self.at = self._now(now) - 1.0, now

    def whole_again(self, now: float) -> float:
        return now + (self.size - self._now(now)) / self.rate


@dataclass
class Breaker:
    """Flags and a counter. ``era`` changes with each change of state and each probe."""

    threshold: int | None
    timeout: float
    state: str = "closed"
    era: int = 0
    failures: int = 0
    blocked_until: float = 0.0

    def enter(self, now: float) -> bool:
        if self.state == "closed":
            return True
        if now < self.blocked_until:
            return False
        self.state, self.era, self.blocked_until = "half-open", self.era + 1, now + self.timeout
        return True

    def leave(self, era: int, now: float, result: str) -> None:
        if era != self.era or self.threshold is None:
            return
        if self.state == "half-open":
            self.era += 1
            if result == "success":
                self.state, self.failures = "closed", 0
            elif result == "failure":
                self.state, self.blocked_until = "open", now + self.timeout
            else:
                self.blocked_until = now
        elif result == "success":
            self.failures = 0
        elif result == "failure":
            self.failures += 1
            if self.failures >= self.threshold:
                self.state, self.blocked_until, self.era = "open", now + self.timeout, self.era + 1


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
            minute = (now + EPSILON) // 60.0
            self.minute, self.count = minute, self.count if minute == self.minute else 0
            if self.count < self.system.provider_rpm:
                self.count += 1
                return None
            wait = (minute + 1) * 60.0 - now
        else:
            free = self.limit.next_start(now)
            if free - now <= EPSILON:
                self.limit.take(now)
                return None
            wait = (self.limit.whole_again(now) if self.system.retry_after == "reset" else free) - now
        return 0.0 if self.system.retry_after == "none" else -(-wait * 1000.0 // 1.0) / 1000.0


def simulate(  # noqa: C901, PLR0915 - a process is a closure over its environment
    system: System,
    arrivals: Sequence[float],
    services: Sequence[float],
    fails: Callable[[int, int, float], str],
    chance: Chance,
) -> list[Outcome]:
    """Run it. ``fails`` says of (query, attempt, time): ``ok``, ``transient``, ``throttled`` or ``fatal``."""
    env = simpy.Environment()
    outcomes = [Outcome() for _ in arrivals]
    limiter: Window | Bucket | None = None
    if system.rpm is not None:
        limiter = Window(system.rpm) if system.burst is None else Bucket(system.burst, system.rpm / 60.0)
    breaker, provider = Breaker(system.threshold, system.timeout), Provider(system)

    def pass_limiter(out):
        if limiter is None:
            return True
        start = limiter.next_start(env.now)
        if start - env.now > system.max_wait:
            return False
        if isinstance(limiter, Bucket):
            limiter.take(env.now)
        else:
            limiter.take(start)
        out.wait += start - env.now
        if start > env.now:
            yield env.timeout(start - env.now)
        return True

    def attempt(query, out):
        """One attempt: (status, asked seconds); ends the query where breaker or limiter refuse."""
        if not breaker.enter(env.now):
            return "refused_breaker", 0.0
        era = breaker.era
        if not system.per_call and not (yield from pass_limiter(out)):
            breaker.leave(era, env.now, "neutral")
            return "refused_limiter", 0.0
        number = out.attempts
        out.attempts += 1
        out.start = env.now if out.start is None else out.start
        asked = provider.refuses(env.now)
        status = "throttled"
        if asked is None:
            status = fails(query, number, env.now)
            yield env.timeout(services[query])
        breaker.leave(era, env.now, {"ok": "success", "transient": "failure"}.get(status, "neutral"))
        return status, asked or 0.0

    def life(query, out):
        if system.per_call and not (yield from pass_limiter(out)):
            return "refused_limiter"
        while True:
            status, asked = yield from attempt(query, out)
            if status.startswith("refused"):
                return status
            if status == "ok":
                return "answered" if out.attempts == 1 else "recovered"
            if status == "fatal":
                return "non_recoverable"
            if out.attempts > system.max_retries or asked > system.max_retry_after:
                return "exhausted"
            delay = min(system.cap, system.base * system.multiplier ** (out.attempts - 1))
            if system.jitter != "none":
                drawn = chance(query, out.attempts, 1)
                delay = drawn * delay if system.jitter == "full" else delay / 2 + drawn * delay / 2
            delay = max(delay, asked)
            out.backoff += delay
            yield env.timeout(delay)

    def settled(query):
        out = outcomes[query]
        out.outcome = yield from life(query, out)
        out.end = env.now

    def source():
        for query, arrival in enumerate(arrivals):
            yield env.timeout(arrival - env.now)
            env.process(settled(query))

    env.process(source())
    env.run()
    return outcomes
