"""The report: the findings of one run, and what they come to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aurora_cli.exits import Verdict
from aurora_cli.findings.finding import SEVERITIES, Finding, Severity


@dataclass(frozen=True)
class Rule:
    """What was looked at under a code: a name, what it is about, and how bad it is."""

    code: str
    name: str
    summary: str
    explanation: str
    severity: Severity


@dataclass(frozen=True)
class Report:
    """All that a run found. ``fail_on`` is the severity from which on a finding makes the run fail.

    ``subject`` is what was looked at, ``rules`` how; ``decided`` is the sentence that stands last,
    ``following`` the command that helps next.
    """

    command: str
    subject: str
    config: Mapping[str, str] | None
    rules: Sequence[Rule]
    findings: Sequence[Finding]
    fail_on: Severity
    summary: Mapping[str, object]
    verdict: Verdict
    exit_code: int
    decided: str
    following: str = ""

    def fails(self, finding: Finding) -> bool:
        """Whether this finding alone makes the run fail."""
        return reaches(finding.severity, self.fail_on)


def reaches(severity: Severity, fail_on: Severity) -> bool:
    """Whether a severity is at or above another."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(fail_on)


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """The worst first; of one severity by where they stand, then by code."""
    return sorted(findings, key=_rank)


def counts(findings: Sequence[Finding]) -> dict[Severity, int]:
    """How many there are of each severity."""
    counted = Counter(finding.severity for finding in findings)
    return {severity: counted[severity] for severity in SEVERITIES}


def count_words(findings: Sequence[Finding]) -> str:
    """Write the counts: ``2 errors, 1 warning``; nothing where there are none."""
    return ", ".join(
        f"{number} {severity}{'' if number == 1 else 's'}"
        for severity, number in counts(findings).items()
        if number
    )


def _rank(finding: Finding) -> tuple[int, bool, str, int, int, str]:
    place = finding.place
    in_a_file = place is not None and place.line > 0
    where = ("", 0, 0) if place is None or not in_a_file else (place.source, place.line, place.column)
    return (SEVERITIES.index(finding.severity), not in_a_file, *where, finding.code)
