"""From what `aurora check-config` says to an outcome: its rules are not written again."""

from collections.abc import Sequence

from aurora_cli.findings import Finding
from aurora_cli.preflight.outcome import Evidence, Outcome


def from_findings(findings: Sequence[Finding], passed: str) -> Outcome:
    """Fail where one is an error, warn where one is a warning, else pass with the sentence."""
    evidence = tuple(Evidence("note", each.code, each.severity, each.message) for each in findings)
    if not findings:
        return Outcome("pass", passed)
    worst = findings[0]
    more = f", and {len(findings) - 1} more" if len(findings) > 1 else ""
    state = "fail" if worst.severity == "error" else "warn"
    explained = f"{worst.help}; " if worst.help else ""
    help_ = f"{explained}aurora check-config --explain {worst.code}"
    return Outcome(state, f"{worst.message}{more}", help_, evidence)  # type: ignore[arg-type]  # one of the two
