"""API keys are there, real, and not in the repository.

Why: without a key nothing is answered; a key in the repository is everybody's who ever cloned it.

Proof: the provider's key is set and is no placeholder (AUR201 to AUR205), and `detect-secrets` finds none
in the files that git tracks, but for those that `.secrets.baseline` knows.

Mend: give the key in the environment or in a file that only the service reads; take back a key that was
ever committed, since it stays in the history.
"""

import json
import sys
from typing import Any

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Evidence, Outcome
from aurora_cli.preflight.program import run
from aurora_cli.preflight.repository import is_repository
from aurora_cli.preflight.settled import from_findings
from aurora_core.providers import find_provider

_BASELINE = ".secrets.baseline"
_SCAN = (sys.executable, "-m", "detect_secrets", "scan", "--exclude-files", r"(^|/)\.secrets\.baseline$")
"""Hashes of secrets look like secrets."""


def look(context: Context) -> Outcome:
    """First the configuration, then the files."""
    found = context.found("AUR201", "AUR202", "AUR203", "AUR204")
    if found:
        return from_findings(found, "")
    llm = context.settings.llm
    if llm.api_key is None:
        variable = find_provider(llm.provider).key_variable
        return Outcome("fail", f"there is no key for {llm.provider}", f"set {variable}")
    return _scanned(context, f"the key for {llm.provider} is set")


def _scanned(context: Context, told: str) -> Outcome:
    if not is_repository(context):
        help_ = "run it in the repository, so that its tracked files can be looked at"
        return Outcome("unknown", f"{told}, but {context.root} is in no git repository", help_)
    ran = run(_SCAN, context.root, context.environ, errors_apart=True)
    try:
        results = json.loads(ran.output)["results"]
    except (ValueError, KeyError, TypeError):
        help_ = "pip install 'aurora-resilience[preflight]'"
        message = f"{told}, but detect-secrets is not installed or gave no answer: {ran.ended}"
        return Outcome("unknown", message, help_, (ran.evidence(),))
    known = _known(context)
    places = [
        f"{name}:{secret['line_number']} {secret['type']}"
        for name, secrets in sorted(results.items())
        for secret in secrets
        if (name, secret["hashed_secret"]) not in known
    ]
    evidence = (Evidence("command", ran.command, ran.ended, "\n".join(places)),)
    if places:
        more = f", and {len(places) - 1} more" if len(places) > 1 else ""
        help_ = f"take the key back and out of the file; what is none goes into {_BASELINE}"
        return Outcome("fail", f"{places[0]} in a tracked file{more}", help_, evidence)
    return Outcome("pass", f"{told}; none in the tracked files", "", evidence)


def _known(context: Context) -> set[tuple[str, str]]:
    try:
        baseline: dict[str, Any] = json.loads((context.root / _BASELINE).read_text(encoding="utf-8"))
        return {
            (name, secret["hashed_secret"])
            for name, secrets in baseline["results"].items()
            for secret in secrets
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()
