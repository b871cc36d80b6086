"""What was measured, the states of the alert rules, and their messages, in one store."""

from aurora_core.store.metrics.base import (
    AlertStore,
    AlertTransaction,
    ChannelStats,
    MetricsBackend,
    MetricsReader,
    MetricsWriter,
    OutboxMessage,
    RuleState,
)
from aurora_core.store.metrics.open import open_store
from aurora_core.store.metrics.retention import Retention
from aurora_core.store.metrics.sqlite import MetricsStore

__all__ = [
    "AlertStore",
    "AlertTransaction",
    "ChannelStats",
    "MetricsBackend",
    "MetricsReader",
    "MetricsStore",
    "MetricsWriter",
    "OutboxMessage",
    "Retention",
    "RuleState",
    "open_store",
]
