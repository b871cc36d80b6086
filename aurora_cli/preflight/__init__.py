"""The deployment checklist, looked at and not ticked."""

from aurora_cli.preflight.check import Check
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Evidence, Outcome

__all__ = ["Check", "Context", "Evidence", "Outcome"]
