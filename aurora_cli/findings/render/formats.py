"""Write a report in a format. The module of a format has its name, and is loaded only for it."""

from importlib import import_module
from pathlib import Path
from typing import get_args

from aurora_cli import output
from aurora_cli.findings.report import Report
from aurora_cli.options import FindingFormat


def write_report(
    report: Report, output_format: FindingFormat, path: Path | None, *, verbose: bool = False
) -> None:
    """Write the report to a file or to standard output, in colour if it is text on a terminal.

    ``verbose`` adds evidence to text. Raises ``ValueError`` if no module renders the format.
    """
    if output_format not in get_args(FindingFormat):
        raise ValueError(
            f"invalid format {output_format!r}: expected one of {', '.join(get_args(FindingFormat))}"
        )
    renderer = import_module(f"aurora_cli.findings.render.{output_format}")
    if output_format == "text":
        ascii_only = output.is_stdout(path) and output.ascii_only()
        output.write_lines(renderer.render(report, ascii_only=ascii_only, verbose=verbose), path)
    else:
        output.write_text(renderer.render(report), path)
