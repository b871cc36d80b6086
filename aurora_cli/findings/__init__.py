"""Findings of rules and checks, the outcome of each, and the report of a run."""

from aurora_cli.findings.finding import Finding, Location, Severity, Snippet
from aurora_cli.findings.outcome import Evidence, Outcome
from aurora_cli.findings.report import Report, Rule, RuleOutcome

__all__ = [
    "Evidence",
    "Finding",
    "Location",
    "Outcome",
    "Report",
    "Rule",
    "RuleOutcome",
    "Severity",
    "Snippet",
]
