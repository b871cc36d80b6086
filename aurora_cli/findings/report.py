"""The report of a run: its findings, the outcome of each rule or check, and the verdict."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from aurora_cli.exit_codes import Verdict
from aurora_cli.findings.finding import SEVERITIES, Finding, Severity, reaches
from aurora_cli.findings.outcome import Outcome


@dataclass(frozen=True)
class Rule:
    """A rule or a check: its code, name, subject and severity; ``group`` is the heading it belongs to."""

    code: str
    name: str
    summary: str
    explanation: str
    severity: Severity
    group: str = ""


class RuleOutcome(NamedTuple):
    """A rule or a check, its outcome, and its duration in seconds."""

    rule: Rule
    outcome: Outcome
    seconds: float = 0.0


@dataclass(frozen=True)
class Report:
    """Everything that a renderer needs.

    ``lists`` says what text and JSON list: the findings, as a linter does, or the outcome of every check,
    as a checklist does. ``fail_on`` is the lowest severity that makes the run fail. ``notes`` are lines
    before the verdict, ``conclusion`` is the last line, ``next_step`` the command to run next.
    """

    command: str
    subject: str
    config: Mapping[str, str] | None
    outcomes: Sequence[RuleOutcome]
    findings: Sequence[Finding]
    fail_on: Severity
    summary: Mapping[str, object]
    verdict: Verdict
    exit_code: int
    conclusion: str
    next_step: str = ""
    lists: Literal["findings", "outcomes"] = "findings"
    notes: Sequence[str] = ()
    seconds: float = 0.0

    def fails(self, finding: Finding) -> bool:
        """Whether this finding alone makes the run fail."""
        return reaches(finding.severity, self.fail_on)


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Sort findings: the worst first; within a severity by location, then by code."""
    return sorted(findings, key=_rank)


def counts(findings: Sequence[Finding]) -> dict[Severity, int]:
    """Count the findings of each severity."""
    counted = Counter(finding.severity for finding in findings)
    return {severity: counted[severity] for severity in SEVERITIES}


def count_words(findings: Sequence[Finding]) -> str:
    """Write the counts: ``2 errors, 1 warning``; an empty text without findings."""
    return ", ".join(
        f"{number} {severity}{'' if number == 1 else 's'}"
        for severity, number in counts(findings).items()
        if number
    )


def _rank(finding: Finding) -> tuple[int, bool, str, int, int, str]:
    location = finding.location
    in_a_file = location is not None and location.line > 0
    start = (location.source, location.line, location.column) if location and in_a_file else ("", 0, 0)
    return (SEVERITIES.index(finding.severity), not in_a_file, *start, finding.code)
