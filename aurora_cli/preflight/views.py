"""The report as a sheet, for pages, and as findings, for code hosts."""

from itertools import groupby
from typing import Final

from aurora_cli.findings import Finding, Rule, Severity
from aurora_cli.findings import Report as Findings
from aurora_cli.findings.report import in_order
from aurora_cli.preflight.checklist import GROUPS
from aurora_cli.preflight.outcome import State
from aurora_cli.preflight.report import Entry, Report
from aurora_cli.preflight.results import result, summary
from aurora_cli.preflight.text import WORDS
from aurora_cli.sheets import Cell, Part, Sheet, Table, Tone

_TONES: Final[dict[State, Tone]] = {"pass": "good", "fail": "bad", "stale": "bad", "unknown": "bad"}
_SEVERITIES: Final[dict[State, Severity]] = {
    "fail": "error", "stale": "error", "unknown": "warning", "warn": "warning", "manual": "note",
    "waived": "note",
}  # fmt: skip


def sheet(report: Report) -> Sheet:
    """A table a group, the changes, and what was seen."""
    parts: list[Part] = [
        Table(GROUPS.get(group, group), (), [_row(entry) for entry in entries])
        for group, entries in groupby(report.entries, key=lambda entry: entry.check.group)
    ]
    if report.changes is not None:
        changed = [
            [Cell(change.check), Cell(f"{change.before or 'not there'} -> {change.after or 'not there'}")]
            for change in report.changes
        ]
        parts.append(Table("Since the baseline", (), changed or [[Cell("nothing changed")]]))
    parts.append(Table("Evidence", (), _seen(report) or [[Cell("none")]]))
    return Sheet(
        command="preflight",
        summary=summary(report),
        results=[result(entry) for entry in report.entries],
        parts=parts,
        verdict=report.verdict,
        exit_code=report.exit_code,
        decided=report.decided,
        config=report.config,
        title="Deployment checklist",
        subtitle=f"{report.summed}, {report.seen_at:%Y-%m-%d %H:%M} UTC",
    )


def findings(report: Report) -> Findings:
    """What is not a pass, under the check's id."""
    found = [
        Finding(entry.check.id, _SEVERITIES[state], f"{state}: {entry.outcome.message}", entry.outcome.help)
        for entry in report.entries
        if (state := entry.outcome.state) in _SEVERITIES
    ]
    return Findings(
        command="preflight",
        subject="deployment checklist",
        config=report.config,
        rules=[_rule(entry) for entry in report.entries],
        findings=in_order(found),
        fail_on="error",
        summary=summary(report),
        verdict=report.verdict,
        exit_code=report.exit_code,
        decided=report.decided,
    )


def _row(entry: Entry) -> list[Cell]:
    outcome = entry.outcome
    told = (
        f"{outcome.message}; {outcome.help}" if outcome.help and outcome.state != "pass" else outcome.message
    )
    return [
        Cell(entry.check.question),
        Cell(WORDS[outcome.state], _TONES.get(outcome.state, "muted")),
        Cell(told),
        Cell(entry.check.id, "muted"),
    ]


def _seen(report: Report) -> list[list[Cell]]:
    return [
        [Cell(entry.check.id), Cell(f"{seen.kind} {seen.what}"), Cell(seen.told, "muted")]
        for entry in report.entries
        for seen in entry.outcome.evidence
    ]


def _rule(entry: Entry) -> Rule:
    check = entry.check
    return Rule(check.id, check.id, check.question, check.explanation.strip(), "error")
