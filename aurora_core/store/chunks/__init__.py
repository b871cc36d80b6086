"""Chunks of documents in SQLite files, with a replica to read from."""

from aurora_core.store.chunks.replicated import ReplicatedStore, ReplicationStatus
from aurora_core.store.chunks.store import Chunk, SQLiteStore

__all__ = ["Chunk", "ReplicatedStore", "ReplicationStatus", "SQLiteStore"]
