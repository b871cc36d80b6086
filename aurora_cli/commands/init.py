"""``aurora init``: a configuration to start from."""

from pathlib import Path
from typing import Annotated

import typer

from aurora_cli import exit_codes
from aurora_cli.exit_codes import UsageError


def init(
    file: Annotated[Path, typer.Argument(metavar="[FILE]", help="File to write; - is stdout.")] = Path(
        "aurora.toml"
    ),
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> int:
    """Write a commented configuration to start from.

    Every setting with its meaning and its default; the file is valid as it is.

    Exit codes: 0 written, 2 the file exists already or cannot be written.
    """
    from aurora_cli import output  # noqa: PLC0415 - Rich comes with it
    from aurora_cli.check_config.template import render_template  # noqa: PLC0415 - pydantic comes with it

    if str(file) == "-":
        output.write_text(render_template(), None)
        return exit_codes.GOOD
    if file.exists() and not force:
        raise UsageError(f"{file} exists already: name another file, or overwrite it with --force")
    output.write_text(render_template(), file)
    typer.echo(f"wrote {file}; next: aurora check-config {file}", err=True)
    return exit_codes.GOOD
