"""``aurora backup`` and ``aurora restore``: copies of the stores, and the way back."""

from pathlib import Path
from typing import Annotated

import typer

from aurora_cli.commands.options.shared import ConfigOption

_Into = Annotated[Path | None, typer.Option("--into", help="Folder of the backups. [preflight.backups]")]
_Keep = Annotated[
    str | None, typer.Option("--keep", help="Remove older backups, e.g. 7d; the newest is always kept.")
]
_RestoreInto = Annotated[Path, typer.Option("--into", help="Empty folder to restore into.")]
_From = Annotated[
    Path | None, typer.Option("--from", help="A backup, or a folder of backups. [preflight.backups]")
]


def backup(into: _Into = None, keep: _Keep = None, config: ConfigOption = None) -> int:
    """Back up the stores while they are in use.

    Each backup is checked, dated, and written whole or not at all.

    Exit codes: 0 all are backed up, 1 one could not be, 2 usage error, 3 there is no store.
    """
    from aurora_cli import backup as command  # noqa: PLC0415 - pydantic comes with it

    return command.back_up_all(config, into, keep)


def restore(into: _RestoreInto, source: _From = None, config: ConfigOption = None) -> int:
    """Restore the newest backups into a folder.

    Each is checked, and has all rows of its backup.

    Exit codes: 0 restored, 1 one could not be, 2 usage error, 3 there is no backup.
    """
    from aurora_cli import backup as command  # noqa: PLC0415 - pydantic comes with it

    return command.restore_all(config, source, into)
