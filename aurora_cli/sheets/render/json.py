"""The machine's form of a sheet: its figures in the envelope that all commands share."""

from datetime import datetime

from aurora_cli.envelope import Envelope
from aurora_cli.sheets.sheet import Sheet


def render(sheet: Sheet, generated_at: datetime) -> str:
    """Write the envelope of the command-line contract around the sheet's figures."""
    envelope = Envelope(
        sheet.command, sheet.config, sheet.verdict, sheet.exit_code, sheet.summary, sheet.results
    )
    return envelope.to_json(generated_at)
