"""The way back is written down, and what to go back to is there.

Why: a bad release is ended by going back, in minutes, by whoever is on call.

Proof: `preflight.rollback` has numbered steps, and `preflight.previous_version`, or else the last tag
before this commit, is a commit that git can resolve.

Mend: write the steps; tag releases.
"""

import re

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.files import file_evidence
from aurora_cli.preflight.outcome import Evidence, Outcome
from aurora_cli.preflight.repository import git, is_repository

_STEP = re.compile(r"^\s*(\d+\.|[-*])\s+\S", re.MULTILINE)
_FEWEST = 2


def look(context: Context) -> Outcome:
    """The document, then the version."""
    named = context.settings.preflight.rollback
    if named is None:
        return Outcome(
            "manual", "preflight.rollback names no document", "set preflight.rollback, or attest it"
        )
    path = context.path(named)
    try:
        steps = len(_STEP.findall(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        problem = getattr(error, "strerror", None) or "it is not UTF-8"
        return Outcome(
            "fail", f"{named} cannot be read: {problem}", "write it, or correct preflight.rollback"
        )
    evidence = file_evidence(path)
    if steps < _FEWEST:
        return Outcome("fail", f"{named} has no steps", "write them as a numbered list", (evidence,))
    if not is_repository(context):
        return Outcome(
            "unknown", f"{context.root} is in no git repository", "run it in the repository", (evidence,)
        )
    return _resolved(context, f"{named} has {steps} steps", evidence)


def _resolved(context: Context, told: str, evidence: Evidence) -> Outcome:
    version = context.settings.preflight.previous_version or git(
        context, "describe", "--tags", "--abbrev=0", "HEAD^"
    )
    if version is None:
        help_ = "tag releases, or set preflight.previous_version"
        return Outcome(
            "fail", f"{told}, but there is no tag before this commit to go back to", help_, (evidence,)
        )
    commit = git(context, "rev-parse", "--verify", "--quiet", f"{version}^{{commit}}")
    if commit is None:
        help_ = "fetch it (git fetch --tags), or correct preflight.previous_version"
        return Outcome("fail", f"{told}, but git knows no {version}", help_, (evidence,))
    seen = Evidence("note", version, f"commit {commit}")
    return Outcome("pass", f"{told}; {version} is {commit[:12]}", "", (evidence, seen))
