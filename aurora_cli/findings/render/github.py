"""GitHub's workflow commands, which GitHub shows beside the line of a pull request.

GitHub shows ten annotations of each kind per step; the rest is counted. Source:
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from itertools import groupby
from typing import Final

from aurora_cli.findings.finding import Finding, Severity
from aurora_cli.findings.report import Report
from aurora_cli.sanitize import in_one_line

_MAX_PER_KIND: Final = 10
_KINDS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report) -> str:
    """Write an annotation per finding, the worst first, and the verdict as the last line."""
    lines = []
    for severity, group in groupby(report.findings, key=lambda finding: finding.severity):
        findings = list(group)
        lines += [_annotation(finding) for finding in findings[:_MAX_PER_KIND]]
        if len(findings) > _MAX_PER_KIND:
            lines.append(f"{len(findings) - _MAX_PER_KIND} more of severity {severity} are not shown")
    return "".join(f"{line}\n" for line in [*lines, in_one_line(report.conclusion)])


def _annotation(finding: Finding) -> str:
    properties = {"title": finding.code}
    location = finding.location
    if location is not None and location.line:
        properties |= {"file": location.source, "line": str(location.line), "col": str(location.column)}
        if location.end_column > location.column:
            properties["endColumn"] = str(location.end_column - 1)
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    text = f"{finding.message}; {finding.help}" if finding.help else finding.message
    return f"::{_KINDS[finding.severity]} {named}::{_data(text)}"


def _data(text: str) -> str:
    """Escape a message as GitHub expects; a line that began with ``::`` would be a command of its own."""
    return in_one_line(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
