"""A replay, or a log as it was recorded, as the minutes of a metrics store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aurora_cli.exit_codes import NoVerdictError, UsageError
from aurora_cli.options import parse_store
from aurora_cli.output import replacing
from aurora_cli.simulate import cache_model, outcomes
from aurora_cli.simulate.attempt_status import OK
from aurora_cli.simulate.outcomes import Replay
from aurora_cli.simulate.workload import Workload
from aurora_core.errors import StoreError
from aurora_core.metrics import Rollup, RollupRow
from aurora_core.metrics.histogram import bucket_of
from aurora_core.metrics.rollup_row import to_row
from aurora_core.store import open_store
from aurora_core.time_units import MINUTE_S

_ANSWERED: Final = ""


@dataclass(frozen=True)
class CallTable:
    """``n`` calls in any order: arrays of shape ``(n,)``; ``reason`` is an index into ``reasons``."""

    end_s: NDArray[np.float64]
    latency_ms: NDArray[np.float64]
    reason: NDArray[np.int64]
    reasons: Sequence[str]
    attempts: NDArray[np.int64]
    service_ms: NDArray[np.float64]
    saw_retryable_error: NDArray[np.bool_]
    hit: NDArray[np.bool_] | None


def parse_new_store(text: str) -> Path:
    """Return the file of ``--store``, which must not exist yet. ``UsageError`` before the work begins."""
    path = parse_store("--store", text).file
    if path is None:
        raise UsageError("--store: expected a new SQLite file, as sqlite:PATH or a path")
    if path.exists():
        raise UsageError(f"--store {path} already exists, and would count twice; name a new file")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"--store {path}: there is no folder {path.absolute().parent}")
    return path


def replayed(workload: Workload, replay: Replay, cache_ttl_s: float) -> CallTable:
    """The calls of a replay, as the service's collector would have counted them."""
    out = replay.outcomes
    latency = (out.end - workload.arrival_s) * 1000.0
    return CallTable(
        end_s=out.end,
        latency_ms=latency,
        reason=out.outcome.astype(np.int64),
        reasons=(_ANSWERED, _ANSWERED, *outcomes.NAMES[2:]),
        attempts=out.attempts.astype(np.int64),
        service_ms=(latency - (out.wait + out.backoff) * 1000.0).clip(min=0.0),
        saw_retryable_error=outcomes.saw_retryable_error(out),
        hit=_hits(workload, cache_ttl_s),
    )


def as_recorded(workload: Workload, cache_ttl_s: float) -> CallTable:
    """The calls of a log as they were, without any policy."""
    latency = workload.service_s * 1000.0
    return CallTable(
        end_s=workload.arrival_s + workload.service_s,
        latency_ms=latency,
        reason=(workload.recorded != OK).astype(np.int64),
        reasons=(_ANSWERED, "unspecified"),
        attempts=np.ones(len(workload), np.int64),
        service_ms=latency,
        saw_retryable_error=np.zeros(len(workload), np.bool_),
        hit=_hits(workload, cache_ttl_s),
    )


def write_store(path: Path, calls: CallTable, began: datetime, source: str, target_ms: float) -> str:
    """Write a new store, whole or not at all; what was written, and what comes next, in words."""
    pieces = list(minutes(calls, began.timestamp(), source, target_ms))
    if not pieces:
        raise NoVerdictError("there is no query to record")
    with replacing(path) as unfinished:
        unfinished.unlink()  # SQLite makes the file itself
        store = open_store(unfinished, retention=None)
        try:
            store.write(pieces)
        except StoreError as error:
            raise UsageError(f"cannot write {path}: {error}") from None
        finally:
            store.close()
    following = f"aurora sla-report --store sqlite:{path} --window all"
    return f"wrote {len(calls.end_s):,} calls to {path}; next: {following}"


def minutes(calls: CallTable, began_s: float, source: str, target_ms: float) -> Iterator[RollupRow]:
    """A slice for every minute from the first call's to the last one's: between them all is measured."""
    if not len(calls.end_s):
        return
    minute = np.floor((began_s + calls.end_s) / MINUTE_S).astype(np.int64)
    order = np.argsort(minute, kind="stable")
    numbers = np.arange(minute[order[0]], minute[order[-1]] + 1)
    edges = np.searchsorted(minute[order], [*numbers, numbers[-1] + 1])
    for number, first, last in zip(numbers, edges[:-1], edges[1:], strict=True):
        total = _rollup(calls, order[first:last], target_ms)
        yield to_row(int(number) * MINUTE_S, MINUTE_S, source, "", 1, total)


def _rollup(calls: CallTable, chosen: NDArray[np.int64], target_ms: float) -> Rollup:
    total = Rollup()
    if not len(chosen):
        return total
    latency = calls.latency_ms[chosen]
    for value in latency.tolist():
        bucket = bucket_of(value)
        total.latency.buckets[bucket] = total.latency.buckets.get(bucket, 0) + 1
    total.latency.total = float(latency.sum())
    total.latency.smallest, total.latency.largest = float(latency.min()), float(latency.max())
    total.within_target = int(np.count_nonzero(latency <= target_ms))
    for index, count in enumerate(np.bincount(calls.reason[chosen], minlength=len(calls.reasons)).tolist()):
        if count and calls.reasons[index] != _ANSWERED:
            total.failures[calls.reasons[index]] = count
    total.attempts = int(calls.attempts[chosen].sum())
    total.attempts_ms = float(calls.service_ms[chosen].sum())
    met = calls.saw_retryable_error[chosen]
    total.saw_retryable_error = int(np.count_nonzero(met))
    answered = [index for index, name in enumerate(calls.reasons) if name == _ANSWERED]
    total.recovered = int(np.count_nonzero(met & np.isin(calls.reason[chosen], answered)))
    if calls.hit is not None:
        total.cache_lookups, total.cache_hits = len(chosen), int(np.count_nonzero(calls.hit[chosen]))
    return total


def _hits(workload: Workload, ttl_s: float) -> NDArray[np.bool_] | None:
    return None if workload.key is None else cache_model.hits(workload.arrival_s, workload.key, ttl_s)
