"""The report in the form that was asked for, to where it was asked for."""

import json
from pathlib import Path

from aurora_cli import output
from aurora_cli.exits import Usage
from aurora_cli.findings.render import github, sarif
from aurora_cli.options import ChecklistFormat
from aurora_cli.plain import in_json
from aurora_cli.preflight import junit, text, views
from aurora_cli.preflight.report import Report
from aurora_cli.preflight.results import result
from aurora_cli.sheets.render.forms import write_sheet


def write(report: Report, form: ChecklistFormat, path: Path | None, *, verbose: bool) -> None:
    """Write the report."""
    if form == "text":
        output.write_lines(text.render(report, verbose=verbose), path)
    elif form == "junit":
        output.write_text(junit.render(report), path)
    elif form == "sarif":
        output.write_text(sarif.render(views.findings(report)), path)
    elif form == "github":
        output.write_text(github.render(views.findings(report)), path)
    else:
        write_sheet(views.sheet(report), form, path)


def write_evidence(report: Report, folder: Path) -> None:
    """A file a check with all that was seen, into the folder, which is made where it is not there."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise Usage(f"--evidence-dir {folder}: {error.strerror}") from None
    for entry in report.entries:
        content = {**result(entry), "seen_at": report.seen_at.isoformat()}
        told = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
        output.write_text(f"{in_json(told)}\n", folder / f"{entry.check.id}.json")
