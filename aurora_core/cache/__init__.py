"""Answers that are kept: hot ones in memory, warm ones in a file that outlives the process."""

from aurora_core.cache.query_cache import QueryCache

__all__ = ["QueryCache"]
