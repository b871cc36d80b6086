"""The settings of the service and of its tool: one model, and the origin of each value."""

from aurora_core.config.settings import Settings

__all__ = ["Settings"]
