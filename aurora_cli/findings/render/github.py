"""GitHub's workflow commands, which stand beside the line of a pull request.

GitHub shows ten annotations a kind and step; the rest is counted. Source:
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from itertools import groupby
from typing import Final

from aurora_cli.findings.finding import Finding, Severity
from aurora_cli.findings.report import Report
from aurora_cli.plain import in_one_line

_MOST: Final = 10
_KINDS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report) -> str:
    """Write an annotation a finding, the worst first, and the verdict as the last line."""
    lines = []
    for severity, group in groupby(report.findings, key=lambda finding: finding.severity):
        findings = list(group)
        lines += [_annotation(finding) for finding in findings[:_MOST]]
        if len(findings) > _MOST:
            lines.append(f"{len(findings) - _MOST} more of severity {severity} are not shown")
    return "".join(f"{line}\n" for line in [*lines, in_one_line(report.decided)])


def _annotation(finding: Finding) -> str:
    properties = {"title": finding.code}
    place = finding.place
    if place is not None and place.line:
        properties |= {"file": place.source, "line": str(place.line), "col": str(place.column)}
        if place.end_column > place.column:
            properties["endColumn"] = str(place.end_column - 1)
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    text = f"{finding.message}; {finding.help}" if finding.help else finding.message
    return f"::{_KINDS[finding.severity]} {named}::{_data(text)}"


def _data(text: str) -> str:
    """The text as GitHub wants it; a line that began with ``::`` would be a command of its own."""
    return in_one_line(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
