"""``aurora backup`` and ``aurora restore``: copies of the stores, and the way back."""

from pathlib import Path
from typing import Annotated

import typer

_CONFIG = typer.Option("--config", help="The configuration that names the stores and preflight.backups.")


def backup(
    into: Annotated[
        Path | None, typer.Option("--into", help="The folder of the backups. [preflight.backups]")
    ] = None,
    keep: Annotated[
        str | None, typer.Option("--keep", help="Remove older ones, as 7d; the newest always stays.")
    ] = None,
    config: Annotated[Path | None, _CONFIG] = None,
) -> int:
    """Copy the stores while they are written: each checked, dated, whole or not at all.

    Exit codes: 0 all are copied, 1 one could not be, 2 wrong usage, 3 there is no store.
    """
    from aurora_cli import backing_up  # noqa: PLC0415 - pydantic comes with it

    return backing_up.back_up_all(config, into, keep)


def restore(
    into: Annotated[Path, typer.Option("--into", help="An empty place: the folder to restore into.")],
    source: Annotated[
        Path | None, typer.Option("--from", help="A backup, or a folder of them. [preflight.backups]")
    ] = None,
    config: Annotated[Path | None, _CONFIG] = None,
) -> int:
    """Bring the newest backups back into a folder, checked and with all their rows.

    Exit codes: 0 restored, 1 one could not be, 2 wrong usage, 3 there is no backup.
    """
    from aurora_cli import backing_up  # noqa: PLC0415 - pydantic comes with it

    return backing_up.restore_all(config, source, into)
