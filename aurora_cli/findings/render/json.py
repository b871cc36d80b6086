"""The machine's form of a report: its findings in the envelope that all commands share."""

from datetime import datetime

from aurora_cli.envelope import Envelope
from aurora_cli.findings.finding import Finding
from aurora_cli.findings.report import Report


def render(report: Report, generated_at: datetime) -> str:
    """Write the envelope of the command-line contract around the findings."""
    results = [as_object(finding) for finding in report.findings]
    envelope = Envelope(
        report.command, report.config, report.verdict, report.exit_code, report.summary, results
    )
    return envelope.to_json(generated_at)


def as_object(finding: Finding) -> dict[str, object]:
    """A finding in JSON's terms; line and columns are null where it stands in no file."""
    place = finding.place
    in_a_file = place is not None and place.line > 0
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "help": finding.help or None,
        "source": None if place is None else place.source,
        "line": place.line if place is not None and in_a_file else None,
        "column": place.column if place is not None and in_a_file else None,
        "end_column": place.end_column if place is not None and in_a_file else None,
    }
