"""Where metrics are kept."""

from aurora_core.errors import StoreError
from aurora_core.store.retention import Retention
from aurora_core.store.sqlite import MetricsStore

__all__ = ["MetricsStore", "Retention", "StoreError"]
