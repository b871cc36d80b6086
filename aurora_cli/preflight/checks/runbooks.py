"""Each alert has a runbook.

Why: whoever is woken at three reads what to do, and does not find it out.

Proof: `preflight.runbooks` has a heading for each alert rule, named as the rule, with a part on symptoms,
one on diagnosis and one on mitigation beneath it. It is a Markdown file, or a folder with a file
`<rule>.md` a rule.

Mend: write what is missing; the last incident's notes are a good beginning.
"""

import re
from pathlib import Path

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.files import file_evidence
from aurora_cli.preflight.markdown import anchor, sections
from aurora_cli.preflight.outcome import Outcome

_PARTS = ("symptoms", "diagnosis", "mitigation")


def look(context: Context) -> Outcome:
    """Rule by rule."""
    named = context.settings.preflight.runbooks
    if named is None:
        return Outcome("manual", "preflight.runbooks names no file", "set preflight.runbooks, or attest it")
    path = context.path(named)
    rules = [rule.name for rule in context.settings.alerts.alert_rules()]
    try:
        lacking = {rule: _lacking(path, rule) for rule in rules}
    except (OSError, UnicodeDecodeError) as error:
        problem = getattr(error, "strerror", None) or "it is not UTF-8"
        return Outcome(
            "fail", f"{named} cannot be read: {problem}", "write it, or correct preflight.runbooks"
        )
    files = sorted(path.glob("*.md")) if path.is_dir() else [path]
    evidence = tuple(file_evidence(file) for file in files)
    for rule, parts in lacking.items():
        if parts:
            missing = "has no runbook" if len(parts) == len(_PARTS) else f"says nothing of {', '.join(parts)}"
            return Outcome(
                "fail", f"{rule} {missing} in {named}", f"write it under a heading `{rule}`", evidence
            )
    return Outcome("pass", f"{named} has {len(rules)} runbooks", "", evidence)


def _lacking(path: Path, rule: str) -> list[str]:
    if path.is_dir():
        file = path / f"{rule}.md"
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
    else:
        text = sections(path.read_text(encoding="utf-8")).get(anchor(rule), "")
    return [part for part in _PARTS if not re.search(rf"^\W*{part}\b", text, re.IGNORECASE | re.MULTILINE)]
