"""Backups of the stores that the settings name, and the way back."""

from collections.abc import Callable, Sequence
from pathlib import Path

import typer

from aurora_cli import configuration, exit_codes
from aurora_cli.exit_codes import NoVerdictError
from aurora_cli.options import parse_seconds
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.config.settings import Settings
from aurora_core.errors import StoreError
from aurora_core.store.backup import back_up, backups_of, restore, rotate, row_counts


def back_up_all(config: Path | None, into: Path | None, keep: str | None) -> int:
    """Copy each store that is there, then remove what is older than ``keep``."""
    keep_s = None if keep is None else parse_seconds("--keep", keep)
    settings = configuration.load(config).settings
    folder = into or settings.preflight.backups
    stores = [store for store in _stores(settings) if store.is_file()]
    if not stores:
        raise NoVerdictError(
            f"there is no store to copy: {' and '.join(map(str, _stores(settings)))} are not there"
        )
    now_s = SYSTEM_CLOCK.wall()

    def one(store: Path) -> str:
        made = back_up(store, folder, now_s)
        removed = [] if keep_s is None else rotate(store, folder, keep_s, now_s)
        gone = f"; removed {len(removed)} older" if removed else ""
        return f"{made}: {sum(row_counts(made).values()):,} rows of {store}{gone}"

    return _each(stores, one)


def restore_all(config: Path | None, source: Path | None, into: Path) -> int:
    """Bring back the backup that is named, or the newest of each store."""
    settings = configuration.load(config).settings
    place = source or settings.preflight.backups
    if place.is_file():
        found = {place: into / place.name}
    else:
        newest = {store: backups_of(store, place) for store in _stores(settings)}
        found = {backups[-1].path: into / store.name for store, backups in newest.items() if backups}
    if not found:
        raise NoVerdictError(f"there is no backup in {place}; make one with `aurora backup --into {place}`")

    def one(backup: Path) -> str:
        into.mkdir(parents=True, exist_ok=True)
        target = restore(backup, found[backup])
        return f"{target}: {sum(row_counts(target).values()):,} rows of {backup}"

    return _each(list(found), one)


def _each(paths: Sequence[Path], work: Callable[[Path], str]) -> int:
    """Do the work on each; one that fails does not hold the others."""
    failed = False
    for path in paths:
        try:
            typer.echo(work(path))
        except (StoreError, OSError) as error:
            failed = True
            typer.echo(f"aurora: {error}", err=True)
    return exit_codes.NOT_GOOD if failed else exit_codes.GOOD


def _stores(settings: Settings) -> Sequence[Path]:
    return list(dict.fromkeys(settings.database_files().values()))
