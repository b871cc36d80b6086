"""One line per finding: ``file:line:col: code message``."""

from aurora_cli.findings.report import Report
from aurora_cli.sanitize import in_one_line


def render(report: Report) -> str:
    """Write the findings, and the verdict as the last line."""
    lines = [
        f"{finding.location or report.subject}: {finding.code} {finding.message}"
        for finding in report.findings
    ]
    return "".join(f"{in_one_line(line)}\n" for line in [*lines, report.conclusion])
