"""Stores: ``metrics`` (what was measured, and the alerts) and ``chunks`` (pieces of documents)."""

from aurora_core.errors import CorruptChunk, StoreError
from aurora_core.store.chunks import Chunk, ReplicatedStore, ReplicationStatus, SQLiteStore
from aurora_core.store.metrics import MetricsStore, Retention, open_store

__all__ = [
    "Chunk",
    "CorruptChunk",
    "MetricsStore",
    "ReplicatedStore",
    "ReplicationStatus",
    "Retention",
    "SQLiteStore",
    "StoreError",
    "open_store",
]
