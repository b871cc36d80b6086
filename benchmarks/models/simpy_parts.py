"""What the SimPy model is made of, from the semantics and from nothing of this project.

Limits look through all starts so far, a bucket counts tokens, the breaker is a handful of flags.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

EQUAL_S = 1e-6
"""Two times that differ by less are equal: a wait of exactly the longest one is admitted."""
ROUNDING = 1e-9
"""SimPy adds delays up; a minute or a credit that is just reached must not look missed by a rounding."""
SLICES = 60
"""A breaker's window is counted in so many slices."""


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

    ``rpm`` None: no limit, not even a tier's; ``threshold`` None: no breaker; ``budget_ratio`` None: no
    budget. ``model`` and ``model_provider`` are what a query asks whose model is not known.
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
    provider_limit: str = "sliding-window"
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
            self.limit = Bucket(rpm, rpm / 60.0) if system.provider_limit == "token-bucket" else Window(rpm)

    def refuses(self, now: float) -> float | None:
        """None: served. Else the seconds that its 429 asks to wait, in whole milliseconds, rounded up."""
        if self.limit is None:
            return None
        if self.system.provider_limit == "fixed-window":
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
