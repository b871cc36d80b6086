"""Run the rules over the subject, and make the report of their findings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from aurora_cli import exits
from aurora_cli.check_config.context import Inconclusive as Undecided
from aurora_cli.check_config.context import LintContext as Subject
from aurora_cli.check_config.context import Violation as Complaint
from aurora_cli.check_config.context import as_path
from aurora_cli.check_config.locations import locate as place
from aurora_cli.check_config.locations import locate_span as in_file
from aurora_cli.check_config.rule import ConfigRule
from aurora_cli.exits import Verdict
from aurora_cli.findings import Finding, Location, Outcome, Report, RuleOutcome, Severity
from aurora_cli.findings.finding import reaches
from aurora_cli.findings.outcome import from_findings
from aurora_cli.findings.report import count_words, counts, in_order
from aurora_core.config.origin import Origin
from aurora_core.config.settings import SETTINGS
from aurora_core.secrets import Masker

_EXIT_CODES: Final = {
    Verdict.GOOD: exits.GOOD,
    Verdict.NOT_GOOD: exits.NOT_GOOD,
    Verdict.NONE: exits.NO_VERDICT,
}
_WORDS: Final = {Verdict.GOOD: "VALID", Verdict.NOT_GOOD: "INVALID", Verdict.NONE: "NO VERDICT"}


def examine(subject: Subject, rules: Sequence[ConfigRule]) -> tuple[list[Finding], list[str]]:
    """Return the findings of the rules, the worst first, and the codes of probes without an answer.

    No finding holds a secret.
    """
    masker = Masker(text for _, _, text in subject.secrets())
    answers = [(rule, word) for rule in rules if _applies(rule, subject) for word in rule.check(subject)]
    findings = [
        _finding(subject, rule, word, masker)
        for rule, word in answers
        if isinstance(word, Undecided)
        or not any(subject.total.is_wrong(as_path(path)) for path in word.about)
    ]
    return in_order(findings), [rule.code for rule, word in answers if isinstance(word, Undecided)]


def _applies(rule: ConfigRule, subject: Subject) -> bool:
    return not (subject.unreadable and rule.needs_values)


def _finding(subject: Subject, rule: ConfigRule, word: Complaint | Undecided, masker: Masker) -> Finding:
    if isinstance(word, Undecided):
        return Finding(rule.code, "note", f"could not be decided: {masker.mask(word.message)}")
    return Finding(
        rule.code,
        word.severity or rule.severity,
        masker.mask(word.message),
        masker.mask(word.help),
        _place(subject, rule, word, masker),
    )


def _place(subject: Subject, rule: ConfigRule, complaint: Complaint, masker: Masker) -> Location | None:
    origin = complaint.at
    if origin is None and complaint.about:
        origin = subject.origin(complaint.about[0])
    if origin is None:
        return None
    for unreadable in subject.unreadable:
        if unreadable.file == origin.file and origin.entry is not None:
            return in_file(origin.file, unreadable.text, origin.entry.value, masker, values_hidden=True)
    return place(origin, _text(subject, origin), masker, on=complaint.on, values_hidden=rule.hide_values)


def _text(subject: Subject, origin: Origin) -> str:
    return next(
        (layer.text for layer in subject.total.layers if layer.file and layer.file == origin.file), ""
    )


def report(
    subject: Subject,
    rules: Sequence[ConfigRule],
    findings: Sequence[Finding],
    *,
    name: str,
    config: Mapping[str, str] | None,
    fail_on: Severity,
    undecided: Sequence[str] = (),
) -> Report:
    """Make the report of the findings. ``undecided`` are the codes of probes without an answer."""
    failed = any(reaches(finding.severity, fail_on) for finding in findings)
    verdict = Verdict.NOT_GOOD if failed else Verdict.NONE if undecided else Verdict.GOOD
    sources = count_settings(subject)
    return Report(
        command="check-config",
        subject=name,
        config=config,
        outcomes=[
            RuleOutcome(rule.told(), _outcome(rule, subject, findings, fail_on, undecided)) for rule in rules
        ],
        findings=findings,
        fail_on=fail_on,
        summary={
            "subject": name,
            "settings": {"total": sum(sources.values()), **sources},
            "findings": {f"{severity}s": number for severity, number in counts(findings).items()},
            "rules": [rule.code for rule in rules],
            "undecided": len(undecided),
        },
        verdict=verdict,
        exit_code=_EXIT_CODES[verdict],
        conclusion=f"{name}: {_conclusion(verdict, findings, undecided, sources)}",
        next_step=f"aurora check-config --explain {findings[0].code}" if failed else "",
    )


def _conclusion(
    verdict: Verdict, findings: Sequence[Finding], undecided: Sequence[str], sources: Mapping[str, int]
) -> str:
    unanswered = f"{len(undecided)} undecided" if undecided else ""
    found = "".join(f", {part}" for part in (count_words(findings), unanswered) if part)
    origins = ", ".join(f"{number} {kind}" for kind, number in sources.items() if number)
    joint = " in" if findings else ","
    return f"{_WORDS[verdict]}{found}{joint} {sum(sources.values())} settings ({origins})"


def _outcome(
    rule: ConfigRule,
    subject: Subject,
    findings: Sequence[Finding],
    fail_on: Severity,
    undecided: Sequence[str],
) -> Outcome:
    if not _applies(rule, subject):
        return Outcome("skipped", "a file cannot be parsed")
    own = [finding for finding in findings if finding.code == rule.code]
    outcome = from_findings(own, fail_on)
    if rule.code in undecided and outcome.state != "fail":
        return Outcome("unknown", own[0].message)
    return outcome


def count_settings(subject: Subject) -> dict[str, int]:
    """How many settings come from where; each value in a table of tables is one."""
    found: Counter[str] = Counter()
    for setting in SETTINGS:
        given = subject.total.given(setting.path)
        kind = given[-1][0].kind if given else "default"
        found[kind] += max(1, _leaves(given[-1][1])) if given and setting.rows is not None else 1
    kinds = ("file", "env-file", "environment", "flag", "default")
    return {kind: found[kind] for kind in kinds}


def _leaves(value: object) -> int:
    if isinstance(value, Mapping):
        return sum(_leaves(item) for item in value.values())
    if isinstance(value, list):
        return sum(_leaves(item) for item in value)
    return 1
