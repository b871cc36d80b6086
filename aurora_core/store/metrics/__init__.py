"""What was measured, the states of the alert rules, and their messages, in one store."""

from aurora_core.store.metrics.base import (
    AlertBook,
    Letter,
    Mailbox,
    MetricsBackend,
    MetricsReader,
    MetricsWriter,
    Page,
    Standing,
)
from aurora_core.store.metrics.open import open_store
from aurora_core.store.metrics.retention import Retention
from aurora_core.store.metrics.sqlite import MetricsStore

__all__ = [
    "AlertBook",
    "Letter",
    "Mailbox",
    "MetricsBackend",
    "MetricsReader",
    "MetricsStore",
    "MetricsWriter",
    "Page",
    "Retention",
    "Standing",
    "open_store",
]
