"""The settings of the service and of its tool: one model, and where each value came from."""

from aurora_core.config.settings import Settings

__all__ = ["Settings"]
