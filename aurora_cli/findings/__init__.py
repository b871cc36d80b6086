"""What rules and checks say: findings, and the report of a run."""

from aurora_cli.findings.finding import Excerpt, Finding, Place, Severity
from aurora_cli.findings.report import Report, Rule

__all__ = ["Excerpt", "Finding", "Place", "Report", "Rule", "Severity"]
