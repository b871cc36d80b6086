"""The command, step by step: sources, context, rules, report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aurora_cli.check_config.codes import PROBES, RULES
from aurora_cli.check_config.engine import make_report, run_rules
from aurora_cli.check_config.load import Sources, read
from aurora_cli.check_config.rule import ConfigRule
from aurora_cli.exit_codes import UsageError
from aurora_cli.findings import Severity
from aurora_cli.findings.render.formats import write_report
from aurora_cli.options import FindingFormat
from aurora_cli.progress import Progress
from aurora_core.config.sources import digest
from aurora_core.config.suggest import closest_match

_NO_FILE = "no file"


@dataclass(frozen=True)
class CheckRequest:
    """The options of the command line."""

    sources: Sources
    fail_on: Severity
    select: Sequence[str]
    ignore: Sequence[str]
    online: bool
    form: FindingFormat
    output: Path | None


def check(request: CheckRequest) -> int:
    """Validate the configuration, write the report, and return the exit code."""
    context = read(request.sources)
    rules = select_rules(request)
    with Progress() as progress:
        if request.online:
            progress.begin("probing names, addresses and stores, 3 s at most", at_once=True)
        findings, inconclusive = run_rules(context, rules)
    answer = make_report(
        context,
        rules,
        findings,
        name=name_of(request.sources),
        config=config_of(request.sources),
        fail_on=request.fail_on,
        undecided=inconclusive,
    )
    write_report(answer, request.form, request.output)
    return answer.exit_code


def name_of(sources: Sources) -> str:
    """Return the name of the configuration in reports."""
    return _NO_FILE if sources.used is None else str(sources.used)


def config_of(sources: Sources) -> Mapping[str, str] | None:
    """Return path and digest of the file that was used, for the envelope."""
    path = sources.used
    return None if path is None else {"path": str(path), "sha256": digest(path)}


def select_rules(request: CheckRequest) -> list[ConfigRule]:
    """Return the rules with a selected code prefix and without an ignored one.

    Raises ``UsageError`` for a prefix that no rule has.
    """
    rules = (*RULES, *PROBES) if request.online else RULES
    for option, prefixes in (("--select", request.select), ("--ignore", request.ignore)):
        for prefix in prefixes:
            if not any(rule.code.startswith(prefix) for rule in rules):
                raise UsageError(f"{option} {_describe_unknown(prefix, rules)}")
    selected, ignored = tuple(request.select) or ("",), tuple(request.ignore)
    return [rule for rule in rules if rule.code.startswith(selected) and not rule.code.startswith(ignored)]


def find_rule(name: str) -> ConfigRule:
    """Return the rule of a code or a name. Raises ``UsageError`` with the closest match."""
    rules = (*RULES, *PROBES)
    for rule in rules:
        if name.upper() == rule.code or name == rule.metadata().name:
            return rule
    raise UsageError(f"--explain {_describe_unknown(name, rules)}")


def _describe_unknown(name: str, rules: Sequence[ConfigRule]) -> str:
    known = [word for rule in rules for word in (rule.code, rule.metadata().name)]
    match = closest_match(name.upper(), known) or closest_match(name, known)
    hint = f"did you mean {match}?" if match else "`aurora check-config --list` shows all rules"
    return f"{name}: no such rule; {hint}"
