"""``aurora init``: a configuration to begin with."""

from pathlib import Path
from typing import Annotated

import typer

from aurora_cli import exits
from aurora_cli.exits import Usage


def init(
    file: Annotated[
        Path, typer.Argument(metavar="[FILE]", help="The file to write; - is standard output.")
    ] = Path("aurora.toml"),
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> int:
    """Write a commented configuration that passes: every setting, what it means, and the guide's value.

    Exit codes: 0 written, 2 the file is there already or cannot be written.
    """
    from aurora_cli import output  # noqa: PLC0415 - Rich comes with it
    from aurora_cli.check_config.template import render_template  # noqa: PLC0415 - pydantic comes with it

    if str(file) == "-":
        output.write_text(render_template(), None)
        return exits.GOOD
    if file.exists() and not force:
        raise Usage(f"{file} is there already; name another file, or write over it with --force")
    output.write_text(render_template(), file)
    typer.echo(f"wrote {file}; next: aurora check-config {file}", err=True)
    return exits.GOOD
