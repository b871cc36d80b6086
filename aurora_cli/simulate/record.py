"""A replay, or a log as it was recorded, as the minutes of a metrics store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aurora_cli.exits import NoVerdict, Usage
from aurora_cli.output import replacing
from aurora_cli.simulate import cache, outcomes
from aurora_cli.simulate.outcomes import Replay
from aurora_cli.simulate.statuses import OK
from aurora_cli.simulate.workload import Workload
from aurora_core.errors import StoreError
from aurora_core.metrics import Rollup, RollupRow
from aurora_core.metrics.histogram import bucket_of
from aurora_core.metrics.rollup_row import to_row
from aurora_core.store import MetricsStore
from aurora_core.time_units import MINUTE_S

_ANSWERED: Final = ""


@dataclass(frozen=True)
class Ended:
    """``n`` calls in any order: arrays of shape ``(n,)``; ``reason`` is a place in ``reasons``."""

    end_s: NDArray[np.float64]
    latency_ms: NDArray[np.float64]
    reason: NDArray[np.int64]
    reasons: Sequence[str]
    attempts: NDArray[np.int64]
    service_ms: NDArray[np.float64]
    saw_retryable_error: NDArray[np.bool_]
    hit: NDArray[np.bool_] | None


def check_record(path: Path) -> None:
    """Refuse what cannot be a new store, before the work begins."""
    if path.exists():
        raise Usage(f"--record {path} is there already, and would count twice; name a new file")
    if not path.absolute().parent.is_dir():
        raise Usage(f"--record {path}: there is no folder {path.absolute().parent}")


def replayed(workload: Workload, replay: Replay, cache_ttl_s: float) -> Ended:
    """The calls of a replay, as the service's collector would have counted them."""
    out = replay.outcomes
    latency = (out.end - workload.arrival_s) * 1000.0
    return Ended(
        end_s=out.end,
        latency_ms=latency,
        reason=out.outcome.astype(np.int64),
        reasons=(_ANSWERED, _ANSWERED, *outcomes.NAMES[2:]),
        attempts=out.attempts.astype(np.int64),
        service_ms=(latency - (out.wait + out.backoff) * 1000.0).clip(min=0.0),
        saw_retryable_error=outcomes.saw_retryable_error(out),
        hit=_hits(workload, cache_ttl_s),
    )


def as_recorded(workload: Workload, cache_ttl_s: float) -> Ended:
    """The calls of a log as they were, without any policy."""
    latency = workload.service_s * 1000.0
    return Ended(
        end_s=workload.arrival_s + workload.service_s,
        latency_ms=latency,
        reason=(workload.recorded != OK).astype(np.int64),
        reasons=(_ANSWERED, "unspecified"),
        attempts=np.ones(len(workload), np.int64),
        service_ms=latency,
        saw_retryable_error=np.zeros(len(workload), np.bool_),
        hit=_hits(workload, cache_ttl_s),
    )


def write_store(path: Path, ended: Ended, began: datetime, source: str, target_ms: float) -> str:
    """Write a new store, whole or not at all; what was written, and what comes next, in words."""
    pieces = list(minutes(ended, began.timestamp(), source, target_ms))
    if not pieces:
        raise NoVerdict("there is no query to record")
    with replacing(path) as unfinished:
        unfinished.unlink()  # SQLite makes the file itself
        store = MetricsStore(unfinished, retention=None)
        try:
            store.write(pieces)
        except StoreError as error:
            raise Usage(f"cannot write {path}: {error}") from None
        finally:
            store.close()
    following = f"aurora sla-report --source sqlite:{path} --window all"
    return f"wrote {len(ended.end_s):,} calls to {path}; next: {following}"


def minutes(ended: Ended, began_s: float, source: str, target_ms: float) -> Iterator[RollupRow]:
    """A slice for every minute from the first call's to the last one's: between them all is measured."""
    if not len(ended.end_s):
        return
    minute = np.floor((began_s + ended.end_s) / MINUTE_S).astype(np.int64)
    order = np.argsort(minute, kind="stable")
    numbers = np.arange(minute[order[0]], minute[order[-1]] + 1)
    edges = np.searchsorted(minute[order], [*numbers, numbers[-1] + 1])
    for number, first, last in zip(numbers, edges[:-1], edges[1:], strict=True):
        total = _rollup(ended, order[first:last], target_ms)
        yield to_row(int(number) * MINUTE_S, MINUTE_S, source, "", 1, total)


def _rollup(ended: Ended, calls: NDArray[np.int64], target_ms: float) -> Rollup:
    total = Rollup()
    if not len(calls):
        return total
    latency = ended.latency_ms[calls]
    for value in latency.tolist():
        bucket = bucket_of(value)
        total.latency.buckets[bucket] = total.latency.buckets.get(bucket, 0) + 1
    total.latency.total = float(latency.sum())
    total.latency.smallest, total.latency.largest = float(latency.min()), float(latency.max())
    total.within_target = int(np.count_nonzero(latency <= target_ms))
    for place, count in enumerate(np.bincount(ended.reason[calls], minlength=len(ended.reasons)).tolist()):
        if count and ended.reasons[place] != _ANSWERED:
            total.failures[ended.reasons[place]] = count
    total.attempts = int(ended.attempts[calls].sum())
    total.attempts_ms = float(ended.service_ms[calls].sum())
    met = ended.saw_retryable_error[calls]
    total.saw_retryable_error = int(np.count_nonzero(met))
    answered = [place for place, name in enumerate(ended.reasons) if name == _ANSWERED]
    total.recovered = int(np.count_nonzero(met & np.isin(ended.reason[calls], answered)))
    if ended.hit is not None:
        total.cache_lookups, total.cache_hits = len(calls), int(np.count_nonzero(ended.hit[calls]))
    return total


def _hits(workload: Workload, ttl_s: float) -> NDArray[np.bool_] | None:
    return None if workload.key is None else cache.hits(workload.arrival_s, workload.key, ttl_s)
