"""A report in the form that was asked for, to where it was asked for. Only that form is loaded."""

from pathlib import Path

from aurora_cli import output
from aurora_cli.findings.report import Report
from aurora_cli.options import FindingFormat


def write_report(report: Report, form: FindingFormat, path: Path | None) -> None:
    """Write the report; in colour where it is text and a terminal shows it."""
    if form == "text":
        from aurora_cli.findings.render import terminal  # noqa: PLC0415 - only this form

        ascii_only = path is None and output.ascii_only()
        output.write_lines(terminal.render(report, ascii_only=ascii_only), path)
    else:
        output.write_text(_rendered(report, form), path)


def _rendered(report: Report, form: FindingFormat) -> str:
    if form == "json":
        from aurora_cli.findings.render import json  # noqa: PLC0415 - only this form

        return json.render(report, output.moment())
    if form == "sarif":
        from aurora_cli.findings.render import sarif  # noqa: PLC0415 - only this form

        return sarif.render(report)
    if form == "junit":
        from aurora_cli.findings.render import junit  # noqa: PLC0415 - only this form

        return junit.render(report)
    if form == "github":
        from aurora_cli.findings.render import github  # noqa: PLC0415 - only this form

        return github.render(report)
    from aurora_cli.findings.render import concise  # noqa: PLC0415 - only this form

    return concise.render(report)
