"""Each alert has a runbook.

Why: an engineer woken at three reads what to do, and need not find it out.

How it is checked: `preflight.runbooks` has a heading for each alert rule, with the rule's name, and beneath
it a part on symptoms, one on diagnosis and one on mitigation. It is a Markdown file, or a folder with a file
`<rule>.md` per rule.

Fix: write what is missing; the last incident's notes are a good beginning.
"""

import re
from pathlib import Path
from typing import Final

from aurora_cli.findings import Outcome
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.evidence import file_evidence
from aurora_cli.preflight.markdown import anchor, sections

_PARTS: Final = ("symptoms", "diagnosis", "mitigation")


def run(context: Context) -> Outcome:
    """Check rule by rule."""
    name = context.settings.preflight.runbooks
    if name is None:
        return Outcome("manual", "preflight.runbooks names no file", "set preflight.runbooks, or attest it")
    path = context.path(name)
    rules = [rule.name for rule in context.settings.alerts.alert_rules()]
    try:
        missing = {rule: _missing_parts(path, rule) for rule in rules}
    except (OSError, UnicodeDecodeError) as error:
        problem = getattr(error, "strerror", None) or "invalid UTF-8"
        fix = "write it, or correct preflight.runbooks"
        return Outcome("fail", f"{name} cannot be read: {problem}", fix)
    files = sorted(path.glob("*.md")) if path.is_dir() else [path]
    evidence = tuple(file_evidence(file) for file in files)
    for rule, parts in missing.items():
        if parts:
            problem = "has no runbook" if len(parts) == len(_PARTS) else f"has no part on {', '.join(parts)}"
            return Outcome(
                "fail", f"{rule} {problem} in {name}", f"write it under a heading `{rule}`", evidence
            )
    return Outcome("pass", f"{name} has {len(rules)} runbooks", "", evidence)


def _missing_parts(path: Path, rule: str) -> list[str]:
    if path.is_dir():
        file = path / f"{rule}.md"
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
    else:
        text = sections(path.read_text(encoding="utf-8")).get(anchor(rule), "")
    return [part for part in _PARTS if not re.search(rf"^\W*{part}\b", text, re.IGNORECASE | re.MULTILINE)]
