"""Backups are made, and can be restored.

Why: a backup that was never restored may be useless.

How it is checked: for each store (metrics, cache) the newest file in `preflight.backups` is younger than
`preflight.backup_max_age`, passes SQLite's integrity check, and restores into a temporary folder with all
its rows.

Fix: run `aurora backup` from cron or a timer, and find out why the last one failed.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from aurora_cli.findings import Evidence, Outcome
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.evidence import file_evidence
from aurora_core.config.units import show_duration
from aurora_core.errors import StoreError
from aurora_core.store.backup import backups_of, restore, row_counts
from aurora_core.time_units import MINUTE_S


def run(context: Context) -> Outcome:
    """Check store by store."""
    folder = context.path(context.settings.preflight.backups)
    paths = [context.path(path) for path in context.settings.database_files().values()]
    stores = [path for path in paths if path.is_file()] or [
        path for path in paths if backups_of(path, folder)
    ]
    if not stores:
        message = f"{' and '.join(map(str, paths))} do not exist, and {folder} has no backup of them"
        return Outcome("unknown", message, "run it on the machine that has the service's stores")
    outcomes = [_check_store(context, store, folder) for store in stores]
    bad = [outcome for outcome in outcomes if outcome.state != "pass"]
    evidence = tuple(each for outcome in outcomes for each in outcome.evidence)
    if bad:
        return Outcome(bad[0].state, bad[0].message, bad[0].help, evidence)
    return Outcome("pass", "; ".join(outcome.message for outcome in outcomes), "", evidence)


def _check_store(context: Context, store: Path, folder: Path) -> Outcome:
    fix = f"aurora backup --into {folder}"
    backups = backups_of(store, folder)
    if not backups:
        return Outcome("fail", f"no backup of {store.name} in {folder}", fix)
    newest = backups[-1]
    evidence = (file_evidence(newest.path),)
    max_age_s = context.settings.preflight.backup_max_age
    age_s = max(0.0, context.now_s - newest.made_s)
    age = show_duration(round(age_s / MINUTE_S) * MINUTE_S, "s")
    if age_s > max_age_s:
        allowed = show_duration(max_age_s, "s")
        return Outcome(
            "fail",
            f"the newest backup of {store.name} is {age} old, at most {allowed} is allowed",
            fix,
            evidence,
        )
    try:
        with TemporaryDirectory(prefix="aurora-") as temporary:
            rows = row_counts(restore(newest.path, Path(temporary) / store.name))
    except StoreError as error:
        return Outcome("fail", f"{newest.path.name} does not restore: {error}", fix, evidence)
    total = sum(rows.values())
    counts = ", ".join(f"{name}: {count} rows" for name, count in rows.items())
    restored = (*evidence, Evidence("store", str(newest.path), counts))
    if not total:
        return Outcome("fail", f"{newest.path.name} is empty", fix, restored)
    return Outcome("pass", f"{newest.path.name}, {age} old, restores with {total:,} rows", "", restored)
