"""Run the rules over the subject, and fold what they say into the report."""

from collections import Counter
from collections.abc import Mapping, Sequence

from aurora_cli import exits
from aurora_cli.check_config.context import Inconclusive as Undecided
from aurora_cli.check_config.context import LintContext as Subject
from aurora_cli.check_config.context import Violation as Complaint
from aurora_cli.check_config.context import as_path
from aurora_cli.check_config.locations import locate as place
from aurora_cli.check_config.locations import locate_span as in_file
from aurora_cli.check_config.rule import ConfigRule
from aurora_cli.exits import Verdict
from aurora_cli.findings import Finding, Place, Report, Severity
from aurora_cli.findings.report import count_words, counts, in_order, reaches
from aurora_core.config.origin import Origin
from aurora_core.config.settings import SETTINGS
from aurora_core.secrets import Masker

_BY_THEMSELVES = ("AUR0", "AUR1", "AUR2")
"""What can be said of the other sources where a file is unreadable; the rest would miss its values."""


def examine(subject: Subject, rules: Sequence[ConfigRule]) -> tuple[list[Finding], int]:
    """Every finding of every rule, the worst first, without any secret; and how many probes had no answer."""
    masker = Masker(text for _, _, text in subject.secrets())
    told = [(rule, word) for rule in rules if _applies(rule, subject) for word in rule.check(subject)]
    findings = [
        _finding(subject, rule, word, masker)
        for rule, word in told
        if isinstance(word, Undecided)
        or not any(subject.total.is_wrong(as_path(path)) for path in word.about)
    ]
    return in_order(findings), sum(isinstance(word, Undecided) for _, word in told)


def _applies(rule: ConfigRule, subject: Subject) -> bool:
    return not subject.unreadable or rule.code.startswith(_BY_THEMSELVES)


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


def _place(subject: Subject, rule: ConfigRule, complaint: Complaint, masker: Masker) -> Place | None:
    origin = complaint.at
    if origin is None and complaint.about:
        origin = subject.origin(complaint.about[0])
    if origin is None:
        return None
    hidden = rule.code.startswith(("AUR0", "AUR2"))
    for unreadable in subject.unreadable:
        if unreadable.file == origin.file and origin.entry is not None:
            return in_file(origin.file, unreadable.text, origin.entry.value, masker, values_hidden=True)
    return place(origin, _text(subject, origin), masker, on=complaint.on, values_hidden=hidden)


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
    undecided: int = 0,
) -> Report:
    """Say what the findings come to. ``undecided`` is how many probes had no answer."""
    failed = any(reaches(finding.severity, fail_on) for finding in findings)
    verdict = Verdict.NOT_GOOD if failed else Verdict.NONE if undecided else Verdict.GOOD
    exit_code = {
        Verdict.NOT_GOOD: exits.NOT_GOOD,
        Verdict.NONE: exits.NO_VERDICT,
        Verdict.GOOD: exits.GOOD,
    }[verdict]
    sources = count_settings(subject)
    words = {Verdict.GOOD: "VALID", Verdict.NOT_GOOD: "INVALID", Verdict.NONE: "NO VERDICT"}[verdict]
    unanswered = f"{undecided} undecided" if undecided else ""
    found = "".join(f", {part}" for part in (count_words(findings), unanswered) if part)
    told = ", ".join(f"{number} {kind}" for kind, number in sources.items() if number)
    total = sum(sources.values())
    joint = " in" if findings else ","
    return Report(
        command="check-config",
        subject=name,
        config=config,
        rules=[rule.told() for rule in rules],
        findings=findings,
        fail_on=fail_on,
        summary={
            "subject": name,
            "settings": {"total": total, **sources},
            "findings": {f"{severity}s": number for severity, number in counts(findings).items()},
            "rules": [rule.code for rule in rules],
            "undecided": undecided,
        },
        verdict=verdict,
        exit_code=exit_code,
        decided=f"{name}: {words}{found}{joint} {total} settings ({told})",
        following=f"aurora check-config --explain {findings[0].code}" if failed else "",
    )


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
