"""Alert rules over the past: the service's own state machine, over arrays of its metrics.

A replay and a backtest measure different things, so each gives the sums and percentiles of its windows. The
metrics that follow from them, the conditions and the firing periods are computed here, for both.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from aurora_core.alerting.rules import COMPARISONS
from aurora_core.alerting.state import FiringPeriod, RuleConfig, replay

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Windows(Protocol):
    """What was measured in the window before each of ``n`` evaluations; all arrays have shape ``(n,)``."""

    def total(self, counter: str) -> NDArray[Any]:
        """Return the sum of a counter: those of ``Rollup``, and ``latency_ms``."""
        ...

    def quantile(self, share: float) -> Values:
        """Return the quantile of the latency in milliseconds; NaN in a window without calls."""
        ...


class RuleReplay(NamedTuple):
    """A rule's metric at each evaluation, whether its condition held, and the periods in which it fired."""

    values: Values
    holds: Flags
    periods: list[FiringPeriod]


def replay_rule(
    config: RuleConfig, moments: Values, windows: Windows, availability: float, measured: Flags | None = None
) -> RuleReplay:
    """Evaluate a rule at each of the moments, in seconds and ascending.

    ``availability`` is the target of burn rates; at moments that are not ``measured`` nothing changes.
    """
    values = compute_metric(config.rule.metric_name, windows, availability)
    compare = COMPARISONS[config.rule.comparison]
    holds = (windows.total("calls") >= config.minimum_calls) & compare(values, config.rule.threshold)
    periods = find_firing_periods(moments, holds, measured, config.for_s, config.keep_firing_for_s)
    return RuleReplay(values, holds, periods)


def find_firing_periods(
    moments: Values,
    holds: Flags,
    measured: Flags | None = None,
    for_s: float = 0.0,
    keep_firing_for_s: float = 0.0,
) -> list[FiringPeriod]:
    """Return the periods in which a rule fired.

    The state machine runs over the moments that can change its state only: in each run of equal conditions
    the first, and the first that is as late as the rule waits for.
    """
    if measured is not None:
        moments, holds = moments[measured], holds[measured]
    if not holds.any():
        return []
    begins = np.append(True, holds[1:] != holds[:-1])
    run_starts = moments[begins][np.cumsum(begins) - 1]
    waited = moments - run_starts >= np.where(holds, for_s, keep_firing_for_s)
    decides = begins | (waited & ~np.append(False, waited[:-1]))
    samples = zip(moments[decides].tolist(), holds[decides].tolist(), strict=True)
    return replay(samples, for_s, keep_firing_for_s)


def compute_metric(name: str, windows: Windows, availability: float) -> Values:
    """Return a metric in each window, defined as ``window_metrics`` defines it; NaN for an unknown one."""
    compute = _METRICS.get(name)
    if compute is None:
        return np.full(len(windows.total("calls")), np.nan)
    return compute(windows, availability)


def _share(part: NDArray[Any], whole: NDArray[Any]) -> Values:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def _ratio(part: str, whole: str) -> Callable[[Windows, float], Values]:
    return lambda windows, _: _share(windows.total(part), windows.total(whole))


def _quantile(share: float) -> Callable[[Windows, float], Values]:
    return lambda windows, _: windows.quantile(share)


def _success_rate(windows: Windows, _: float) -> Values:
    calls = windows.total("calls")
    return _share(calls - windows.total("failed"), calls)


def burn_rates(failed: NDArray[Any], calls: NDArray[Any], availability: float) -> Values:
    """Return ``burn_rate`` of ``aurora_core.sla`` for arrays; NaN without calls."""
    return _share(failed, calls) / (1.0 - availability)


def _burn_rate(windows: Windows, availability: float) -> Values:
    return burn_rates(windows.total("failed"), windows.total("calls"), availability)


_METRICS: Final[Mapping[str, Callable[[Windows, float], Values]]] = {
    "query_count": lambda windows, _: windows.total("calls").astype(np.float64),
    "success_rate": _success_rate,
    "error_rate": _ratio("failed", "calls"),
    "avg_latency_ms": _ratio("latency_ms", "calls"),
    "p50_latency_ms": _quantile(0.50),
    "p95_latency_ms": _quantile(0.95),
    "p99_latency_ms": _quantile(0.99),
    "within_target_rate": _ratio("within_target", "calls"),
    "cache_hit_rate": _ratio("cache_hits", "cache_lookups"),
    "recovery_rate": _ratio("recovered", "saw_retryable_error"),
    "attempt_count": lambda windows, _: windows.total("attempts").astype(np.float64),
    "avg_attempt_latency_ms": _ratio("attempts_ms", "attempts"),
    "burn_rate": _burn_rate,
}
