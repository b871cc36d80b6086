"""The machine's form of a document: its figures in the envelope that all commands share."""

from aurora_cli import output
from aurora_cli.documents.document import Document
from aurora_cli.envelope import Envelope


def render(document: Document) -> str:
    """Write the envelope of the command-line contract around the document's figures."""
    envelope = Envelope(
        document.command,
        document.config,
        document.verdict,
        document.exit_code,
        document.summary,
        document.results,
    )
    return envelope.to_json(output.moment())
