"""The checklist as findings with outcomes and as a document, its evidence files, and an earlier run."""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from aurora_cli import output
from aurora_cli.documents import Cell, Document, Part, Table, Tone
from aurora_cli.documents.render.formats import write_document
from aurora_cli.exit_codes import UsageError
from aurora_cli.findings import Finding, Report, Rule, RuleOutcome, Severity
from aurora_cli.findings.outcome import STATE_LABELS, State
from aurora_cli.findings.render.formats import write_report
from aurora_cli.findings.render.json import outcome_to_json
from aurora_cli.findings.report import in_order
from aurora_cli.options import ChecklistFormat
from aurora_cli.preflight.check import CheckResult
from aurora_cli.preflight.checklist import GROUPS
from aurora_cli.preflight.report import Change, ChecklistReport
from aurora_cli.sanitize import in_json

_TONES: Final[dict[State, Tone]] = {"pass": "good", "fail": "bad", "stale": "bad", "unknown": "bad"}
_SEVERITIES: Final[dict[State, Severity]] = {
    "fail": "error", "stale": "error", "unknown": "warning", "warn": "warning", "manual": "note",
    "waived": "note",
}  # fmt: skip


def write(
    report: ChecklistReport, output_format: ChecklistFormat, path: Path | None, *, verbose: bool
) -> None:
    """Write the report to a file or to standard output."""
    if output_format == "markdown" or output_format == "html":  # noqa: PLR1714 - narrows the type
        write_document(to_document(report), output_format, path)
    else:
        write_report(to_report(report), output_format, path, verbose=verbose)


def write_evidence(report: ChecklistReport, folder: Path) -> None:
    """Write a file per check with its outcome and evidence into the folder, made if it is missing."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"--evidence-dir {folder}: {error.strerror}") from None
    for result in report.results:
        content = {**_row(result), "checked_at": report.checked_at.isoformat()}
        text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
        output.write_text(f"{in_json(text)}\n", folder / f"{result.check.id}.json")


def to_report(report: ChecklistReport) -> Report:
    """Return the outcomes, and a finding under the check's id for each that is not a pass."""
    findings = [
        Finding(
            result.check.id, _SEVERITIES[state], f"{state}: {result.outcome.message}", result.outcome.help
        )
        for result in report.results
        if (state := result.outcome.state) in _SEVERITIES
    ]
    return Report(
        command="preflight",
        subject="deployment checklist",
        config=report.config,
        outcomes=[_rule_outcome(result) for result in report.results],
        findings=in_order(findings),
        fail_on="error",
        summary=_summary(report),
        verdict=report.verdict,
        exit_code=report.exit_code,
        conclusion=report.conclusion,
        lists="outcomes",
        notes=[*_change_lines(report), f"{report.summary_line}   {report.seconds:.1f} s"],
        seconds=report.seconds,
    )


def to_document(report: ChecklistReport) -> Document:
    """Return a table per group, the changes, and the evidence."""
    parts: list[Part] = [
        Table(GROUPS.get(group, group), (), [_cells(result) for result in results])
        for group, results in groupby(report.results, key=lambda result: result.check.group)
    ]
    if report.changes is not None:
        changes = [[Cell(change.check), Cell(str(change))] for change in report.changes]
        parts.append(Table("Since the baseline", (), changes or [[Cell("nothing changed")]]))
    parts.append(Table("Evidence", (), _evidence_cells(report) or [[Cell("none")]]))
    return Document(
        command="preflight",
        summary=_summary(report),
        results=[_row(result) for result in report.results],
        parts=parts,
        verdict=report.verdict,
        exit_code=report.exit_code,
        conclusion=report.conclusion,
        config=report.config,
        title="Deployment checklist",
        subtitle=f"{report.summary_line}, {report.checked_at:%Y-%m-%d %H:%M} UTC",
    )


def changes_since(path: Path, results: Sequence[CheckResult]) -> list[Change]:
    """Compare with the JSON of an earlier run. Raises ``UsageError`` if the file is not one."""
    try:
        earlier: Any = json.loads(path.read_text(encoding="utf-8"))
        if earlier["schema"] != "aurora.preflight/1":
            raise ValueError(earlier["schema"])  # noqa: TRY301 - shown below
        before = {str(row["id"]): str(row["state"]) for row in earlier["results"]}
    except OSError as error:
        raise UsageError(f"--baseline {path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise UsageError(
            f"--baseline {path} is not a file that `aurora preflight --format json` writes"
        ) from None
    after = {result.check.id: result.outcome.state for result in results}
    return [
        Change(name, before.get(name, ""), after.get(name, ""))
        for name in (*after, *(name for name in before if name not in after))
        if before.get(name) != after.get(name)
    ]


def _rule_outcome(result: CheckResult) -> RuleOutcome:
    check, outcome, seconds = result
    group = GROUPS.get(check.group, check.group)
    rule = Rule(check.id, check.id, check.question, check.explanation.strip(), "error", group)
    return RuleOutcome(rule, outcome, seconds)


def _row(result: CheckResult) -> Mapping[str, object]:
    return outcome_to_json(_rule_outcome(result))


def _summary(report: ChecklistReport) -> Mapping[str, object]:
    changes = report.changes
    return {
        "checks": len(report.results),
        "selected": len(report.selected),
        "states": dict(report.counts),
        "seconds": round(report.seconds, 3),
        "changes": None if changes is None else [change._asdict() for change in changes],
    }


def _change_lines(report: ChecklistReport) -> list[str]:
    if report.changes is None:
        return []
    lines = [f"  {change.check}: {change}" for change in report.changes]
    return ["since the baseline", *(lines or ["  nothing changed"])]


def _cells(result: CheckResult) -> list[Cell]:
    check, outcome, _ = result
    fix = f"; {outcome.help}" if outcome.help and outcome.state != "pass" else ""
    return [
        Cell(check.question),
        Cell(STATE_LABELS[outcome.state], _TONES.get(outcome.state, "muted")),
        Cell(f"{outcome.message}{fix}"),
        Cell(check.id, "muted"),
    ]


def _evidence_cells(report: ChecklistReport) -> list[list[Cell]]:
    return [
        [Cell(result.check.id), Cell(f"{evidence.kind} {evidence.source}"), Cell(evidence.status, "muted")]
        for result in report.results
        for evidence in result.outcome.evidence
    ]
