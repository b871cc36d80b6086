"""Backups are made, and can be restored.

Why: a backup that was never opened is a hope.

Proof: for each store that is there (metrics, cache) the newest file in `preflight.backups` is younger
than `preflight.backup_max_age`, passes SQLite's integrity check, and restores into a temporary place with
all its rows.

Mend: run `aurora backup` from cron or a timer, and see why the last one failed.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.files import file_evidence
from aurora_cli.preflight.outcome import Evidence, Outcome
from aurora_core.config.units import show_duration
from aurora_core.errors import StoreError
from aurora_core.store.backup import backups_of, restore, row_counts
from aurora_core.time_units import MINUTE_S


def look(context: Context) -> Outcome:
    """Store by store."""
    folder = context.path(context.settings.preflight.backups)
    wished = [context.path(path) for path in (context.settings.store.path, context.settings.cache.path)]
    stores = [path for path in wished if path.is_file()] or [
        path for path in wished if backups_of(path, folder)
    ]
    if not stores:
        message = f"neither {wished[0]} nor {wished[1]} is there, nor a backup of them in {folder}"
        return Outcome("unknown", message, "run it where the service's stores are")
    outcomes = [_one(context, store, folder) for store in stores]
    bad = [outcome for outcome in outcomes if outcome.state != "pass"]
    evidence = tuple(seen for outcome in outcomes for seen in outcome.evidence)
    if bad:
        return Outcome(bad[0].state, bad[0].message, bad[0].help, evidence)
    return Outcome("pass", "; ".join(outcome.message for outcome in outcomes), "", evidence)


def _one(context: Context, store: Path, folder: Path) -> Outcome:
    found = backups_of(store, folder)
    if not found:
        return Outcome(
            "fail", f"there is no backup of {store.name} in {folder}", f"aurora backup --into {folder}"
        )
    newest = found[-1]
    evidence = (file_evidence(newest.path),)
    longest = context.settings.preflight.backup_max_age
    age = max(0.0, context.now_s - newest.made_s)
    told = show_duration(round(age / MINUTE_S) * MINUTE_S, "s")
    if age > longest:
        message = f"the newest backup of {store.name} is {told} old, and may be {show_duration(longest, 's')}"
        return Outcome("fail", message, f"aurora backup --into {folder}", evidence)
    try:
        with TemporaryDirectory(prefix="aurora-") as temporary:
            rows = row_counts(restore(newest.path, Path(temporary) / store.name))
    except StoreError as error:
        return Outcome(
            "fail",
            f"{newest.path.name} does not restore: {error}",
            f"aurora backup --into {folder}",
            evidence,
        )
    total = sum(rows.values())
    seen = Evidence(
        "store", str(newest.path), ", ".join(f"{name}: {count} rows" for name, count in rows.items())
    )
    if not total:
        return Outcome(
            "fail", f"{newest.path.name} is empty", f"aurora backup --into {folder}", (*evidence, seen)
        )
    return Outcome(
        "pass", f"{newest.path.name}, {told} old, restores with {total:,} rows", "", (*evidence, seen)
    )
