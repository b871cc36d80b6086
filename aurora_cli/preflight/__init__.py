"""The deployment checklist: every item is checked, with evidence."""

from aurora_cli.findings import Evidence, Outcome
from aurora_cli.preflight.check import Check
from aurora_cli.preflight.context import Context

__all__ = ["Check", "Context", "Evidence", "Outcome"]
