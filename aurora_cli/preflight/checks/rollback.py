"""A rollback is documented, and its target exists.

Why: a rollback ends a bad release in minutes, by the engineer on call.

How it is checked: `preflight.rollback` has numbered steps, and `preflight.previous_version`, or else the
last tag before this commit, is a commit that git can resolve.

Fix: write the steps; tag releases.
"""

import re
from typing import Final

from aurora_cli.findings import Evidence, Outcome
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.evidence import file_evidence
from aurora_cli.preflight.git import git, is_repository

_STEP: Final = re.compile(r"^\s*(\d+\.|[-*])\s+\S", re.MULTILINE)
_MIN_STEPS: Final = 2


def run(context: Context) -> Outcome:
    """Check the document, then the version."""
    name = context.settings.preflight.rollback
    if name is None:
        fix = "set preflight.rollback, or attest it"
        return Outcome("manual", "preflight.rollback names no document", fix)
    path = context.path(name)
    try:
        steps = len(_STEP.findall(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        problem = getattr(error, "strerror", None) or "invalid UTF-8"
        fix = "write it, or correct preflight.rollback"
        return Outcome("fail", f"{name} cannot be read: {problem}", fix)
    evidence = file_evidence(path)
    if steps < _MIN_STEPS:
        return Outcome("fail", f"{name} has no steps", "write them as a numbered list", (evidence,))
    if not is_repository(context):
        message = f"{context.root} is not in a git repository"
        return Outcome("unknown", message, "run it in the repository", (evidence,))
    return _resolve_version(context, f"{name} has {steps} steps", evidence)


def _resolve_version(context: Context, prefix: str, document: Evidence) -> Outcome:
    version = context.settings.preflight.previous_version
    version = version or git(context, "describe", "--tags", "--abbrev=0", "HEAD^")
    if version is None:
        fix = "tag releases, or set preflight.previous_version"
        return Outcome("fail", f"{prefix}, but no tag before this commit", fix, (document,))
    commit = git(context, "rev-parse", "--verify", "--quiet", f"{version}^{{commit}}")
    if commit is None:
        fix = "fetch it (git fetch --tags), or correct preflight.previous_version"
        return Outcome("fail", f"{prefix}, but git has no {version}", fix, (document,))
    evidence = (document, Evidence("note", version, f"commit {commit}"))
    return Outcome("pass", f"{prefix}; {version} is {commit[:12]}", "", evidence)
