"""API keys are set, real, and not in the repository.

Why: without a key every call fails; a key in the repository is known to everyone who ever cloned it.

How it is checked: the provider's key is set, the rules of `aurora check-config` on secrets have no error and
no warning, and `detect-secrets` finds no secret in the files that git tracks, apart from those in
`.secrets.baseline`.

Fix: give the key in the environment or in a file that only the service can read; revoke a key that was ever
committed, since it stays in the history.
"""

import json
import sys
from typing import Any, Final

from aurora_cli.findings import Evidence, Outcome
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.git import is_repository
from aurora_cli.preflight.process import run as run_program
from aurora_core.providers import find_provider

_BASELINE: Final = ".secrets.baseline"
_SCAN: Final = (
    sys.executable, "-m", "detect_secrets", "scan", "--exclude-files", r"(^|/)\.secrets\.baseline$",
)  # fmt: skip
"""Hashes of secrets look like secrets."""


def run(context: Context) -> Outcome:
    """Check the key, then the files."""
    llm = context.settings.llm
    if llm.api_key is None:
        variable = find_provider(llm.provider).key_variable
        return Outcome("fail", f"no API key for {llm.provider}", f"set {variable}")
    return _scan(context, f"the key for {llm.provider} is set")


def _scan(context: Context, prefix: str) -> Outcome:
    if not is_repository(context):
        fix = "run it in the repository, so that its tracked files can be scanned"
        return Outcome("unknown", f"{prefix}, but {context.root} is not in a git repository", fix)
    completed = run_program(_SCAN, context.root, context.environ, separate_errors=True)
    try:
        results = json.loads(completed.output)["results"]
    except (ValueError, KeyError, TypeError):
        fix = "pip install 'aurora-resilience[preflight]'"
        message = f"{prefix}, but detect-secrets is not installed or gave no answer: {completed.status}"
        return Outcome("unknown", message, fix, (completed.evidence(),))
    known = _read_baseline(context)
    locations = [
        f"{name}:{secret['line_number']} {secret['type']}"
        for name, secrets in sorted(results.items())
        for secret in secrets
        if (name, secret["hashed_secret"]) not in known
    ]
    evidence = (Evidence("command", completed.command, completed.status, "\n".join(locations)),)
    if locations:
        more = f", and {len(locations) - 1} more" if len(locations) > 1 else ""
        fix = f"revoke the key and remove it from the file; add a false positive to {_BASELINE}"
        return Outcome("fail", f"{locations[0]} in a tracked file{more}", fix, evidence)
    return Outcome("pass", f"{prefix}; none in the tracked files", "", evidence)


def _read_baseline(context: Context) -> set[tuple[str, str]]:
    try:
        baseline: dict[str, Any] = json.loads((context.root / _BASELINE).read_text(encoding="utf-8"))
        return {
            (name, secret["hashed_secret"])
            for name, secrets in baseline["results"].items()
            for secret in secrets
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()
