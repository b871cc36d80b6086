"""A sheet in the form that was asked for, to where it was asked for."""

from pathlib import Path

from aurora_cli import output
from aurora_cli.options import Format
from aurora_cli.sheets.render import csv, json, terminal
from aurora_cli.sheets.sheet import Sheet


def write_sheet(sheet: Sheet, form: Format, path: Path | None) -> None:
    """Write the sheet; in colour where it is text and a terminal shows it."""
    if form == "json":
        output.write_text(json.render(sheet, output.moment()), path)
    elif form == "csv":
        output.write_text(csv.render(sheet), path)
    else:
        ascii_only = path is None and output.ascii_only()
        output.write_lines(terminal.render(sheet, ascii_only=ascii_only), path)
