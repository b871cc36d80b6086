"""The command, step by step: sources, subject, rules, report."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aurora_cli import exits, output
from aurora_cli.check_config import pages
from aurora_cli.check_config.choice import chosen, rule_named
from aurora_cli.check_config.codes import PROBES, RULES
from aurora_cli.check_config.examine import examine, report
from aurora_cli.check_config.fixing import fixes
from aurora_cli.check_config.reading import Sources, read
from aurora_cli.check_config.rule import ConfigRule
from aurora_cli.check_config.schema import SCHEMA
from aurora_cli.check_config.subject import Subject
from aurora_cli.check_config.writing import as_toml
from aurora_cli.exits import NotGood, Usage
from aurora_cli.findings import Report, Severity
from aurora_cli.findings.render import concise, github, junit, sarif, terminal
from aurora_cli.findings.render import json as json_form
from aurora_cli.options import FindingFormat
from aurora_cli.progress import Progress
from aurora_cli.sheets import Sheet
from aurora_cli.sheets.render import json as sheet_json
from aurora_cli.sheets.render import terminal as sheet_terminal
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.config.settings import Settings
from aurora_core.config.sources import digest
from aurora_core.security import Masker

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
    _write_report(answer, request)
    return answer.exit_code


def show_effective(request: Request) -> int:
    """Print every value that holds, and where it came from."""
    sheet = pages.effective(read(request.sources), name_of(request.sources), config_of(request.sources))
    return _write_sheet(sheet, request)


def show_origin(request: Request, key: str) -> int:
    """Print what each layer gives for one key."""
    return _write_sheet(pages.origin(read(request.sources), key, config_of(request.sources)), request)


def show_difference(request: Request, other: Path) -> int:
    """Print the settings that differ between this file and another, in the same environment."""
    ours = request.sources
    theirs = Sources(other, ours.env_file, ours.flags, ours.environ)
    subjects = [read(ours), read(theirs)]
    for subject, sources in zip(subjects, (ours, theirs), strict=True):
        _refuse_unreadable(subject, sources)
    names = [name_of(ours), str(other)]
    return _write_sheet(pages.difference(subjects, names, config_of(ours)), request)


def write_settings(request: Request, path: Path) -> int:
    """Write the effective settings as a file, secrets left out; refused where they are not valid."""
    subject = read(request.sources)
    _refuse_unreadable(subject, request.sources)
    wrong = sum(problem.hidden_by is None for problem in subject.total.problems)
    if wrong:
        raise NotGood(
            f"{name_of(request.sources)} is not valid, so nothing was written; next: aurora check-config"
        )
    output.write_text(as_toml(subject.settings), None if str(path) == "-" else path)
    return exits.GOOD


def fix(request: Request) -> int:
    """Show what would be renamed, rename it, and check what is there then."""
    subject = read(request.sources)
    masker = Masker(text for _, _, text in subject.secrets())
    for found in fixes(subject):
        sys.stderr.write(found.diff(masker))
        found.apply()
        sys.stderr.write(f"{found.path}: {found.renamed} renamed\n")
    return check(request)


def print_rules(request: Request) -> int:
    """Print all rules, one a line."""
    lines = [f"{rule.code}  {rule.severity:<7}  {rule.summary}\n" for rule in (*RULES, *PROBES)]
    output.write_text("".join(lines), request.output)
    return exits.GOOD


def explain(request: Request, names: Sequence[str]) -> int:
    """Print what rules say of themselves."""
    told = [rule.told() for rule in (*RULES, *PROBES)]
    found = [rule_named(told, name) for name in names]
    texts = [f"{rule.code} {rule.name} ({rule.severity})\n\n{rule.explanation}\n" for rule in found]
    output.write_text("\n".join(texts), request.output)
    return exits.GOOD


def print_file_schema(request: Request) -> int:
    """Print the JSON Schema of the configuration file, for editors."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Settings.model_json_schema(),
        "title": "aurora.toml",
    }
    output.write_text(json.dumps(schema, indent=2, sort_keys=True) + "\n", request.output)
    return exits.GOOD


def print_answer_schema(request: Request) -> int:
    """Print the JSON Schema of ``--format json``."""
    output.write_text(json.dumps(SCHEMA, indent=2, sort_keys=True) + "\n", request.output)
    return exits.GOOD


def name_of(sources: Sources) -> str:
    """What the report calls what it looked at."""
    return NO_FILE if sources.used is None else str(sources.used)


def config_of(sources: Sources) -> Mapping[str, str] | None:
    """The file that was used, as the envelope names it."""
    path = sources.used
    return None if path is None else {"path": str(path), "sha256": digest(path)}


def _rules(request: Request) -> list[ConfigRule]:
    every = (*RULES, *PROBES) if request.online else RULES
    codes = {rule.code for rule in chosen([rule.told() for rule in every], request.select, request.ignore)}
    return [rule for rule in every if rule.code in codes]


def _refuse_unreadable(subject: Subject, sources: Sources) -> None:
    for unreadable in subject.unreadable:
        raise NotGood(
            f"{unreadable.file}: {unreadable.problem}; next: aurora check-config {name_of(sources)}"
        )


def _write_report(answer: Report, request: Request) -> None:
    if request.form == "text":
        ascii_only = request.output is None and output.ascii_only()
        output.write_lines(terminal.render(answer, ascii_only=ascii_only), request.output)
        return
    if request.form == "json":
        text = json_form.render(answer, _now())
    else:
        forms = {
            "concise": concise.render,
            "sarif": sarif.render,
            "junit": junit.render,
            "github": github.render,
        }
        text = forms[request.form](answer)
    output.write_text(text, request.output)


def _write_sheet(sheet: Sheet, request: Request) -> int:
    if request.form == "json":
        output.write_text(sheet_json.render(sheet, _now()), request.output)
    elif request.form == "text":
        ascii_only = request.output is None and output.ascii_only()
        output.write_lines(sheet_terminal.render(sheet, ascii_only=ascii_only), request.output)
    else:
        raise Usage(f"--format {request.form} is for findings; values are shown as text or json")
    return sheet.exit_code


def _now() -> datetime:
    return datetime.fromtimestamp(SYSTEM_CLOCK.wall(), UTC)
