"""Goals: what a replay must come to, as ``p95<500ms`` or ``refused<1%``."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from aurora_cli.simulate import outcomes
from aurora_cli.simulate.stats import Stats

_FORM: Final = re.compile(r"^\s*([a-z0-9_]+)\s*(<=|>=|<|>)\s*([0-9.]+)\s*(%|ms|s|)\s*$")

_COMPARE: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
}

_REFUSED: Final = (outcomes.RATE_LIMITED, outcomes.BREAKER_OPEN)
_ANSWERED: Final = (outcomes.FIRST_TRY, outcomes.RECOVERED)
_FAILED: Final = (outcomes.RETRIES_EXHAUSTED, outcomes.NON_RETRYABLE, *_REFUSED)

MILLISECONDS: Final = "ms"
SHARE: Final = "%"
COUNT: Final = ""

METRICS: Final[Mapping[str, tuple[str, Callable[[Stats], float]]]] = {
    "p50": (MILLISECONDS, lambda stats: stats.latency_ms.p50),
    "p95": (MILLISECONDS, lambda stats: stats.latency_ms.p95),
    "p99": (MILLISECONDS, lambda stats: stats.latency_ms.p99),
    "max": (MILLISECONDS, lambda stats: stats.latency_ms.max),
    "mean": (MILLISECONDS, lambda stats: stats.latency_ms.mean),
    "wait_p95": (MILLISECONDS, lambda stats: stats.wait_ms.p95),
    "answered": (SHARE, lambda stats: stats.share(*_ANSWERED)),
    "failed": (SHARE, lambda stats: stats.share(*_FAILED)),
    "refused": (SHARE, lambda stats: stats.share(*_REFUSED)),
    "recovery": (SHARE, lambda stats: stats.recovery_rate),
    "amplification": (COUNT, lambda stats: stats.amplification),
    "provider_429": (COUNT, lambda stats: float(stats.provider_429)),
    "queue": (COUNT, lambda stats: float(stats.longest_queue)),
}


@dataclass(frozen=True)
class Goal:
    """A bound on one figure; ``text`` as it was given."""

    text: str
    metric: str
    comparison: str
    bound: float

    def value(self, stats: Stats) -> float:
        """The figure that the goal bounds, in milliseconds or as a share of 1."""
        return METRICS[self.metric][1](stats)

    def met(self, stats: Stats) -> bool:
        """Whether it is kept; a figure that was never measured (NaN) keeps no goal."""
        return _COMPARE[self.comparison](self.value(stats), self.bound)


def parse_goal(text: str) -> Goal:
    """Read a goal. ``ValueError`` says what is wrong with it."""
    match = _FORM.match(text)
    if match is None:
        raise ValueError(f"goal {text!r} is not like p95<500ms, refused<1% or recovery>=95%")
    metric, comparison, number, unit = match.groups()
    if metric not in METRICS:
        raise ValueError(f"goal {text!r} names no figure; there are {', '.join(METRICS)}")
    try:
        value = Decimal(number)  # 0.7 % is 0.007 and not the float below it
    except InvalidOperation:
        raise ValueError(f"goal {text!r}: {number!r} is not a number") from None
    bound = _in_unit(text, value, unit, METRICS[metric][0])
    return Goal(text.strip(), metric, comparison, float(bound))


def _in_unit(text: str, value: Decimal, unit: str, kind: str) -> Decimal:
    if kind == MILLISECONDS:
        if unit not in ("ms", "s"):
            raise ValueError(f"goal {text!r} bounds a time, which needs ms or s")
        return value * 1000 if unit == "s" else value
    if kind == SHARE:
        if unit == "%":
            return value / 100
        if unit == "" and value <= 1:
            return value
        raise ValueError(f"goal {text!r} bounds a share, which is in % or from 0 to 1")
    if unit:
        raise ValueError(f"goal {text!r} bounds a plain number, without {unit}")
    return value
