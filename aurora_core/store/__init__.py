"""Where metrics and chunks are kept."""

from aurora_core.errors import CorruptChunk, StoreError
from aurora_core.store.chunks import Chunk, SQLiteStore
from aurora_core.store.replicated import ReplicatedStore, Replication
from aurora_core.store.retention import Retention
from aurora_core.store.sqlite import MetricsStore

__all__ = [
    "Chunk",
    "CorruptChunk",
    "MetricsStore",
    "ReplicatedStore",
    "Replication",
    "Retention",
    "SQLiteStore",
    "StoreError",
]
