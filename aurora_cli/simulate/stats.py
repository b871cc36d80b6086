"""What a replay comes to: its figures, counted from the arrays."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from aurora_cli.simulate import cache_model, outcomes
from aurora_cli.simulate.alert_replay import FiredAlert, Queries, Targets, replay_alerts
from aurora_cli.simulate.outcomes import Replay
from aurora_cli.simulate.scenario import Scenario
from aurora_cli.simulate.workload import Workload
from aurora_core.alerting.state import DEFAULT_RULE_CONFIGS, RuleConfig
from aurora_core.laws.rate_limit import EQUAL_S
from aurora_core.laws.window import PERIOD_S
from aurora_core.sla import DEFAULT_OBJECTIVES, Objective, ObjectiveResult, evaluate_objectives, sla_met

CACHE_TTL_S = 600.0
"""The guide's ``AURORA_CACHE_TTL``."""

_ANSWERED = (outcomes.FIRST_TRY, outcomes.RECOVERED)


@dataclass(frozen=True)
class Percentiles:
    """Of a quantity in milliseconds; NaN where nothing was measured."""

    mean: float
    p50: float
    p95: float
    p99: float
    max: float


@dataclass(frozen=True)
class Stats:
    """One scenario's answer. ``queries`` by outcome, in the order of ``outcomes.NAMES``.

    ``reasons`` splits those whose retries ended without an answer.

    ``answered_ms`` is the latency of the queries that were answered; ``latency_ms`` that of all, as the
    service's collector has it, where a refusal is an answer too. ``recovery_rate`` is the share of the
    queries that met a passing failure and were answered nevertheless.
    """

    scenario: Scenario
    queries: tuple[int, ...]
    reasons: Mapping[str, int]
    attempts: int
    amplification: float
    provider_429: int
    recovery_rate: float
    latency_ms: Percentiles
    answered_ms: Percentiles
    wait_ms: Percentiles
    backoff_ms: Percentiles
    service_ms: Percentiles
    peak_starts_per_minute: int
    longest_queue: int
    objective_results: Sequence[ObjectiveResult]
    sla_met: bool | None
    alerts: Sequence[FiredAlert]

    @property
    def total(self) -> int:
        """All queries of the log; the outcomes add up to it."""
        return sum(self.queries)

    def share(self, *kinds: int) -> float:
        """The share of the queries that ended so; NaN where there are none."""
        return sum(self.queries[kind] for kind in kinds) / self.total if self.total else math.nan

    def to_json(self) -> Mapping[str, object]:
        """The object of the command-line contract, with the names that it gives."""
        return {
            "policy": self.scenario.to_json(),
            "not_replayed": self.scenario.not_replayed(),
            "reasons": dict(self.reasons),
            "queries": {
                "total": self.total,
                "answered": sum(self.queries[kind] for kind in _ANSWERED),
                **dict(zip(outcomes.NAMES, self.queries, strict=True)),
            },
            "attempts": self.attempts,
            "amplification": self.amplification,
            "provider_429": self.provider_429,
            "recovery_rate": self.recovery_rate,
            "latency_ms": asdict(self.latency_ms),
            "answered_ms": asdict(self.answered_ms),
            "wait_ms": asdict(self.wait_ms),
            "backoff_ms": asdict(self.backoff_ms),
            "service_ms": asdict(self.service_ms),
            "peak_starts_per_minute": self.peak_starts_per_minute,
            "longest_queue": self.longest_queue,
            "sla_met": self.sla_met,
            "sla": [
                {
                    "objective": result.objective.name,
                    "target": result.objective.target,
                    "value": result.value,
                    "state": result.state,
                }
                for result in self.objective_results
            ],
            "alerts": [asdict(alert) for alert in self.alerts],
        }


def compute_stats(
    workload: Workload,
    replay: Replay,
    scenario: Scenario,
    objectives: Sequence[Objective] = DEFAULT_OBJECTIVES,
    watches: Sequence[RuleConfig] = DEFAULT_RULE_CONFIGS,
    cache_ttl_s: float = CACHE_TTL_S,
) -> Stats:
    """Count a replay; ``cache_ttl_s`` is how long an answer would be kept."""
    out = replay.outcomes
    queries = tuple(int(n) for n in np.bincount(out.outcome, minlength=len(outcomes.NAMES)))
    answered = np.isin(out.outcome, _ANSWERED)
    latency = (out.end - workload.arrival_s) * 1000.0
    service = latency - (out.wait + out.backoff) * 1000.0
    attempts, admitted = len(replay.sent), int(np.count_nonzero(out.attempts))
    hit = None if workload.key is None else cache_model.hits(workload.arrival_s, workload.key, cache_ttl_s)
    overall = spread(latency)
    objective_results = evaluate_objectives(_metrics(queries, overall.p95, hit), objectives)
    return Stats(
        scenario=scenario,
        queries=queries,
        reasons={name: int(np.count_nonzero(out.reason == code)) for code, name in outcomes.REASONS.items()},
        attempts=attempts,
        amplification=attempts / admitted if admitted else math.nan,
        provider_429=int(out.throttled.sum()),
        recovery_rate=_recovery_rate(replay, queries[outcomes.RECOVERED]),
        latency_ms=overall,
        answered_ms=spread(latency[answered]),
        wait_ms=spread(out.wait * 1000.0),
        backoff_ms=spread(out.backoff * 1000.0),
        service_ms=spread(service.clip(min=0.0)),
        peak_starts_per_minute=peak(replay.sent),
        longest_queue=replay.longest_queue,
        objective_results=objective_results,
        sla_met=sla_met(objective_results),
        alerts=replay_alerts(
            Queries(
                out.end, answered, latency, out.attempts, service, outcomes.saw_retryable_error(out), hit
            ),
            watches,
            _targets(objectives),
        ),
    )


def _targets(objectives: Sequence[Objective]) -> Targets:
    target = {objective.name: objective.target for objective in objectives}
    return Targets(target["availability"], target["p95_latency"])


def spread(ms: NDArray[np.float64]) -> Percentiles:
    """Exact percentiles, linear between two values."""
    if len(ms) == 0:
        return Percentiles(*[math.nan] * 5)
    p50, p95, p99 = np.percentile(ms, (50, 95, 99))
    return Percentiles(float(ms.mean()), float(p50), float(p95), float(p99), float(ms.max()))


def peak(starts: NDArray[np.float64]) -> int:
    """The most starts in any rolling minute; ``starts`` in seconds, in order.

    A start counts until a minute after itself; two times that the limit takes for equal are so here.
    """
    if len(starts) == 0:
        return 0
    gone = np.searchsorted(starts + PERIOD_S, starts + EQUAL_S, side="right")
    return int((np.arange(1, len(starts) + 1) - gone).max())


def _recovery_rate(replay: Replay, recovered: int) -> float:
    met = int(np.count_nonzero(outcomes.saw_retryable_error(replay.outcomes)))
    return recovered / met if met else math.nan


def _metrics(queries: tuple[int, ...], p95_ms: float, hit: NDArray[np.bool_] | None) -> Mapping[str, float]:
    total = sum(queries)
    failed = total - sum(queries[kind] for kind in _ANSWERED)
    return {
        "error_rate": failed / total if total else math.nan,
        "p95_latency_ms": p95_ms,
        "cache_hit_rate": math.nan if hit is None or total == 0 else float(hit.mean()),
    }
