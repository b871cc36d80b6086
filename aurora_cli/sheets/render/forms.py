"""A sheet in the form that was asked for, to where it was asked for. Only that form is loaded."""

from pathlib import Path

from aurora_cli import output
from aurora_cli.options import SheetFormat
from aurora_cli.sheets.sheet import Sheet


def write_sheet(sheet: Sheet, form: SheetFormat, path: Path | None) -> None:
    """Write the sheet; in colour where it is text and a terminal shows it."""
    if form == "text":
        from aurora_cli.sheets.render import terminal  # noqa: PLC0415 - only this form

        ascii_only = path is None and output.ascii_only()
        output.write_lines(terminal.render(sheet, ascii_only=ascii_only), path)
    else:
        output.write_text(_rendered(sheet, form), path)


def _rendered(sheet: Sheet, form: SheetFormat) -> str:
    if form == "json":
        from aurora_cli.sheets.render import json  # noqa: PLC0415 - only this form

        return json.render(sheet, output.moment())
    if form == "csv":
        from aurora_cli.sheets.render import csv  # noqa: PLC0415 - only this form

        return csv.render(sheet)
    if form == "markdown":
        from aurora_cli.sheets.render import markdown  # noqa: PLC0415 - only this form

        return markdown.render(sheet)
    from aurora_cli.sheets.render import html  # noqa: PLC0415 - Jinja comes with it

    return html.render(sheet)
