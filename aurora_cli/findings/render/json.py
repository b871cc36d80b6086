"""JSON: findings or outcomes in the envelope that all commands share."""

from dataclasses import asdict

from aurora_cli import output
from aurora_cli.envelope import Envelope
from aurora_cli.findings.finding import Finding
from aurora_cli.findings.report import Report, RuleOutcome


def render(report: Report) -> str:
    """Write the envelope of the command-line contract around what the report lists."""
    if report.lists == "outcomes":
        results = [outcome_to_json(each) for each in report.outcomes]
    else:
        results = [finding_to_json(finding) for finding in report.findings]
    envelope = Envelope(
        report.command, report.config, report.verdict, report.exit_code, report.summary, results
    )
    return envelope.to_json(output.moment())


def outcome_to_json(each: RuleOutcome) -> dict[str, object]:
    """Return an outcome as a JSON object, with its evidence."""
    rule, outcome, seconds = each
    return {
        "id": rule.code,
        "group": rule.group,
        "question": rule.summary,
        **asdict(outcome),
        "seconds": round(seconds, 3),
    }


def finding_to_json(finding: Finding) -> dict[str, object]:
    """Return a finding as a JSON object; line and columns are null outside a file."""
    location = finding.location
    in_a_file = location is not None and location.line > 0
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "help": finding.help or None,
        "source": None if location is None else location.source,
        "line": location.line if location is not None and in_a_file else None,
        "column": location.column if location is not None and in_a_file else None,
        "end_column": location.end_column if location is not None and in_a_file else None,
    }
