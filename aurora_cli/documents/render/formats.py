"""Write a document in a format. The module of a format has its name, and is loaded only for it."""

from importlib import import_module
from pathlib import Path
from typing import get_args

from aurora_cli import output
from aurora_cli.documents.document import Document
from aurora_cli.options import DocumentFormat


def write_document(document: Document, output_format: DocumentFormat, path: Path | None) -> None:
    """Write the document to a file or to standard output, in colour if it is text on a terminal.

    Raises ``ValueError`` if no module renders the format.
    """
    if output_format not in get_args(DocumentFormat):
        raise ValueError(
            f"invalid format {output_format!r}: expected one of {', '.join(get_args(DocumentFormat))}"
        )
    renderer = import_module(f"aurora_cli.documents.render.{output_format}")
    if output_format == "text":
        ascii_only = output.is_stdout(path) and output.ascii_only()
        output.write_lines(renderer.render(document, ascii_only=ascii_only), path)
    else:
        output.write_text(renderer.render(document), path)
