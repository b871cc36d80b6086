"""The report in plain values, and what an earlier one said."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aurora_cli.exits import Usage
from aurora_cli.preflight.checklist import GROUPS
from aurora_cli.preflight.report import Change, Entry, Report


def result(entry: Entry) -> Mapping[str, object]:
    """An object a check."""
    check, outcome = entry.check, entry.outcome
    return {
        "id": check.id,
        "group": GROUPS.get(check.group, check.group),
        "question": check.question,
        "state": outcome.state,
        "message": outcome.message,
        "help": outcome.help,
        "seconds": round(entry.seconds, 3),
        "evidence": [asdict(seen) for seen in outcome.evidence],
    }


def summary(report: Report) -> Mapping[str, object]:
    """Everything that is not of one check."""
    changes = report.changes
    return {
        "checks": len(report.entries),
        "states": dict(report.counts),
        "seconds": round(report.seconds, 3),
        "changes": None if changes is None else [change._asdict() for change in changes],
    }


def changes_since(path: Path, entries: Sequence[Entry]) -> list[Change]:
    """What stands otherwise than in the JSON of an earlier run. ``Usage`` where it is none."""
    try:
        earlier: Any = json.loads(path.read_text(encoding="utf-8"))
        if earlier["schema"] != "aurora.preflight/1":
            raise ValueError(earlier["schema"])  # noqa: TRY301 - told below
        before = {str(row["id"]): str(row["state"]) for row in earlier["results"]}
    except OSError as error:
        raise Usage(f"--baseline {path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise Usage(f"--baseline {path} is not what `aurora preflight --format json` writes") from None
    after = {entry.check.id: entry.outcome.state for entry in entries}
    return [
        Change(name, before.get(name, ""), after.get(name, ""))
        for name in (*after, *(name for name in before if name not in after))
        if before.get(name) != after.get(name)
    ]
