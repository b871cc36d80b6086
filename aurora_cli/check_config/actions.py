"""What the command does beside checking: show, compare, write, mend, explain."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from aurora_cli import exits, output
from aurora_cli.check_config import pages
from aurora_cli.check_config.choice import rule_named
from aurora_cli.check_config.codes import PROBES, RULES
from aurora_cli.check_config.fixing import fixes
from aurora_cli.check_config.reading import Sources, read
from aurora_cli.check_config.run import Request, check, config_of, name_of
from aurora_cli.check_config.schema import SCHEMA
from aurora_cli.check_config.subject import Subject
from aurora_cli.check_config.writing import as_toml
from aurora_cli.exits import NotGood, Usage
from aurora_cli.findings import Rule
from aurora_cli.schemas import DIALECT, write_schema
from aurora_cli.sheets import Sheet
from aurora_cli.sheets.render.forms import write_sheet
from aurora_core.config.settings import Settings
from aurora_core.secrets import Masker


def act(request: Request, action: str, value: object) -> int:
    """Do what an option asks for, by the option's name; ``value`` is what it was given."""
    if action in _WITHOUT_VALUE:
        return _WITHOUT_VALUE[action](request)
    if action == "explain":
        return explain(request, value if isinstance(value, list) else [])
    if action == "origin":
        return show_origin(request, str(value))
    path = Path(str(value))
    return show_difference(request, path) if action == "diff" else write_settings(request, path)


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
    lines = [f"{rule.code}  {rule.severity:<7}  {rule.summary}\n" for rule in _told()]
    output.write_text("".join(lines), request.output)
    return exits.GOOD


def explain(request: Request, names: Sequence[str]) -> int:
    """Print what rules say of themselves."""
    found = [rule_named(_told(), name) for name in names]
    texts = [f"{rule.code} {rule.name} ({rule.severity})\n\n{rule.explanation}\n" for rule in found]
    output.write_text("\n".join(texts), request.output)
    return exits.GOOD


def print_file_schema(request: Request) -> int:
    """Print the JSON Schema of the configuration file, for editors."""
    write_schema({"$schema": DIALECT, **Settings.model_json_schema(), "title": "aurora.toml"}, request.output)
    return exits.GOOD


def print_answer_schema(request: Request) -> int:
    """Print the JSON Schema of ``--format json``."""
    write_schema(SCHEMA, request.output)
    return exits.GOOD


def _told() -> list[Rule]:
    return [rule.told() for rule in (*RULES, *PROBES)]


def _refuse_unreadable(subject: Subject, sources: Sources) -> None:
    for unreadable in subject.unreadable:
        raise NotGood(
            f"{unreadable.file}: {unreadable.problem}; next: aurora check-config {name_of(sources)}"
        )


def _write_sheet(sheet: Sheet, request: Request) -> int:
    if request.form not in {"text", "json"}:
        raise Usage(f"--format {request.form} is for findings; values are shown as text or json")
    write_sheet(sheet, "json" if request.form == "json" else "text", request.output)
    return sheet.exit_code


_WITHOUT_VALUE: Final[dict[str, Callable[[Request], int]]] = {
    "list": print_rules,
    "schema": print_file_schema,
    "json-schema": print_answer_schema,
    "show-effective": show_effective,
    "fix": fix,
}
