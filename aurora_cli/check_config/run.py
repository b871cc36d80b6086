"""The command, step by step: sources, subject, rules, report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aurora_cli.check_config.choice import chosen
from aurora_cli.check_config.codes import PROBES, RULES
from aurora_cli.check_config.examine import examine, report
from aurora_cli.check_config.reading import Sources, read
from aurora_cli.check_config.rule import ConfigRule
from aurora_cli.findings import Severity
from aurora_cli.findings.render.formats import write_report
from aurora_cli.options import FindingFormat
from aurora_cli.progress import Progress
from aurora_core.config.sources import digest

NO_FILE = "no file"


@dataclass(frozen=True)
class Request:
    """What the command line asked for."""

    sources: Sources
    fail_on: Severity
    select: Sequence[str]
    ignore: Sequence[str]
    online: bool
    form: FindingFormat
    output: Path | None


def check(request: Request) -> int:
    """Validate everything and report on it; the exit code says what it came to."""
    subject = read(request.sources)
    rules = _rules(request)
    with Progress() as progress:
        if request.online:
            progress.begin("asking names, addresses and stores, 3 s at most", at_once=True)
        findings, undecided = examine(subject, rules)
    answer = report(
        subject,
        rules,
        findings,
        name=name_of(request.sources),
        config=config_of(request.sources),
        fail_on=request.fail_on,
        undecided=undecided,
    )
    write_report(answer, request.form, request.output)
    return answer.exit_code


def name_of(sources: Sources) -> str:
    """What the report calls what it looked at."""
    return NO_FILE if sources.used is None else str(sources.used)


def config_of(sources: Sources) -> Mapping[str, str] | None:
    """The file that was used, as the envelope names it."""
    path = sources.used
    return None if path is None else {"path": str(path), "sha256": digest(path)}


def _rules(request: Request) -> list[ConfigRule]:
    every = (*RULES, *PROBES) if request.online else RULES
    if not request.select and not request.ignore:
        return list(every)
    codes = {rule.code for rule in chosen([rule.told() for rule in every], request.select, request.ignore)}
    return [rule for rule in every if rule.code in codes]
