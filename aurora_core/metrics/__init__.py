"""What happened to the calls, counted."""

from aurora_core.metrics.collector import MetricsCollector
from aurora_core.metrics.counters import Metrics
from aurora_core.metrics.recorder import RecorderStatus
from aurora_core.metrics.rollup import Call, FailureReason, Rollup
from aurora_core.metrics.rollup_row import RollupRow, RollupStore

__all__ = [
    "Call",
    "FailureReason",
    "Metrics",
    "MetricsCollector",
    "RecorderStatus",
    "Rollup",
    "RollupRow",
    "RollupStore",
]
