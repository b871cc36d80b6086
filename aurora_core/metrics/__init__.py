"""What happened to the calls, counted."""

from aurora_core.metrics.collector import MetricsCollector
from aurora_core.metrics.counters import Metrics
from aurora_core.metrics.recorder import Recording
from aurora_core.metrics.rollup import Call, FailureReason, Rollup
from aurora_core.metrics.slices import Slice, SliceStore

__all__ = [
    "Call",
    "FailureReason",
    "Metrics",
    "MetricsCollector",
    "Recording",
    "Rollup",
    "Slice",
    "SliceStore",
]
