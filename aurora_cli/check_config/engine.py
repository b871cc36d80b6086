"""Run the rules over the context, and make the report of their findings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from aurora_cli import exit_codes
from aurora_cli.check_config.context import Inconclusive, LintContext, Violation, as_path
from aurora_cli.check_config.locations import locate, locate_span
from aurora_cli.check_config.rule import ConfigRule
from aurora_cli.exit_codes import Verdict
from aurora_cli.findings import Finding, Location, Outcome, Report, RuleOutcome, Severity
from aurora_cli.findings.finding import reaches
from aurora_cli.findings.outcome import from_findings
from aurora_cli.findings.report import count_words, counts, in_order
from aurora_core.config.origin import Origin
from aurora_core.config.settings import SETTINGS
from aurora_core.secrets import Masker

_EXIT_CODES: Final = {
    Verdict.GOOD: exit_codes.GOOD,
    Verdict.NOT_GOOD: exit_codes.NOT_GOOD,
    Verdict.NONE: exit_codes.NO_VERDICT,
}
_WORDS: Final = {Verdict.GOOD: "VALID", Verdict.NOT_GOOD: "INVALID", Verdict.NONE: "NO VERDICT"}


def run_rules(context: LintContext, rules: Sequence[ConfigRule]) -> tuple[list[Finding], list[str]]:
    """Return the findings of the rules, the worst first, and the codes of probes without an answer.

    No finding holds a secret.
    """
    masker = Masker(text for _, _, text in context.secrets())
    answers = [(rule, answer) for rule in rules if _applies(rule, context) for answer in rule.check(context)]
    findings = [
        _finding(context, rule, answer, masker)
        for rule, answer in answers
        if isinstance(answer, Inconclusive)
        or not any(context.total.is_wrong(as_path(path)) for path in answer.about)
    ]
    return in_order(findings), [rule.code for rule, answer in answers if isinstance(answer, Inconclusive)]


def _applies(rule: ConfigRule, context: LintContext) -> bool:
    return not (context.unreadable and rule.needs_values)


def _finding(
    context: LintContext, rule: ConfigRule, answer: Violation | Inconclusive, masker: Masker
) -> Finding:
    if isinstance(answer, Inconclusive):
        return Finding(rule.code, "note", f"could not be decided: {masker.mask(answer.message)}")
    return Finding(
        rule.code,
        answer.severity or rule.severity,
        masker.mask(answer.message),
        masker.mask(answer.help),
        _location(context, rule, answer, masker),
    )


def _location(
    context: LintContext, rule: ConfigRule, violation: Violation, masker: Masker
) -> Location | None:
    origin = violation.at
    if origin is None and violation.about:
        origin = context.origin(violation.about[0])
    if origin is None:
        return None
    for unreadable in context.unreadable:
        if unreadable.file == origin.file and origin.entry is not None:
            return locate_span(origin.file, unreadable.text, origin.entry.value, masker, values_hidden=True)
    return locate(origin, _text(context, origin), masker, on=violation.on, values_hidden=rule.hide_values)


def _text(context: LintContext, origin: Origin) -> str:
    return next(
        (layer.text for layer in context.total.layers if layer.file and layer.file == origin.file), ""
    )


def make_report(
    context: LintContext,
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
    sources = count_settings(context)
    return Report(
        command="check-config",
        subject=name,
        config=config,
        outcomes=[
            RuleOutcome(rule.metadata(), _outcome(rule, context, findings, fail_on, undecided))
            for rule in rules
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
    context: LintContext,
    findings: Sequence[Finding],
    fail_on: Severity,
    undecided: Sequence[str],
) -> Outcome:
    if not _applies(rule, context):
        return Outcome("skipped", "a file cannot be parsed")
    own = [finding for finding in findings if finding.code == rule.code]
    outcome = from_findings(own, fail_on)
    if rule.code in undecided and outcome.state != "fail":
        return Outcome("unknown", own[0].message)
    return outcome


def count_settings(context: LintContext) -> dict[str, int]:
    """How many settings come from where; each value in a table of tables is one."""
    found: Counter[str] = Counter()
    for setting in SETTINGS:
        given = context.total.given(setting.path)
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
