"""The outcome of a rule or a check: its state, a sentence, a fix, and the evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from aurora_cli.findings.finding import Finding, Severity, reaches

State = Literal["pass", "warn", "fail", "stale", "unknown", "manual", "waived", "n/a", "skipped"]
"""``stale``: its attestation expired. ``unknown``: no answer. ``manual``: needs an attestation."""

STATES: Final[tuple[State, ...]] = get_args(State)
STATE_LABELS: Final[dict[State, str]] = {
    "pass": "ok", "warn": "warn", "fail": "FAIL", "stale": "STALE", "unknown": "UNKNOWN", "manual": "manual",
    "waived": "waived", "n/a": "n/a", "skipped": "skipped",
}  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """A source that was examined, for passes too.

    ``kind``: command, file, address, store, note or traceback; ``status``: the exit code, hash or status of
    the source; ``excerpt``: part of its content.
    """

    kind: str
    source: str
    status: str = ""
    excerpt: str = ""


@dataclass(frozen=True)
class Outcome:
    """A state and a sentence; ``help`` is the fix."""

    state: State
    message: str
    help: str = ""
    evidence: tuple[Evidence, ...] = ()


def from_findings(findings: Sequence[Finding], fail_on: Severity = "error") -> Outcome:
    """Return the outcome of findings, the worst first: fail from ``fail_on`` up, warn, else pass."""
    evidence = tuple(Evidence("note", each.code, each.severity, each.message) for each in findings)
    if not findings:
        return Outcome("pass", "")
    worst = findings[0]
    tolerated: State = "pass" if worst.severity == "note" else "warn"
    state: State = "fail" if reaches(worst.severity, fail_on) else tolerated
    more = f", and {len(findings) - 1} more" if len(findings) > 1 else ""
    explained = f"{worst.help}; " if worst.help else ""
    help_ = f"{explained}aurora check-config --explain {worst.code}"
    return Outcome(state, f"{worst.message}{more}", help_, evidence)
