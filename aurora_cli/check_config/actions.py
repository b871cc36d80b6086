"""The sub-actions of the command: show, compare, write, fix, explain."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from aurora_cli import exit_codes, output
from aurora_cli.check_config.autofix import find_fixes
from aurora_cli.check_config.codes import PROBES, RULES
from aurora_cli.check_config.context import LintContext
from aurora_cli.check_config.effective import (
    difference_document,
    effective_document,
    origin_document,
    to_toml,
)
from aurora_cli.check_config.load import Sources, read
from aurora_cli.check_config.run import CheckRequest, check, config_of, find_rule, name_of
from aurora_cli.check_config.schema import SCHEMA
from aurora_cli.documents import Document
from aurora_cli.documents.render.formats import write_document
from aurora_cli.exit_codes import CheckFailed, UsageError
from aurora_cli.json_schema import DIALECT, write_schema
from aurora_core.config.settings import Settings
from aurora_core.secrets import Masker


def act(request: CheckRequest, action: str, value: object) -> int:
    """Do what an option requests, by the option's name; ``value`` is the option's."""
    if action in _WITHOUT_VALUE:
        return _WITHOUT_VALUE[action](request)
    if action == "explain":
        return explain(request, value if isinstance(value, list) else [])
    if action == "origin":
        return show_origin(request, str(value))
    path = Path(str(value))
    return show_difference(request, path) if action == "diff" else write_settings(request, path)


def show_effective(request: CheckRequest) -> int:
    """Print every effective value with its origin."""
    document = effective_document(read(request.sources), name_of(request.sources), config_of(request.sources))
    return _write_document(document, request)


def show_origin(request: CheckRequest, key: str) -> int:
    """Print what each layer gives for one key."""
    return _write_document(origin_document(read(request.sources), key, config_of(request.sources)), request)


def show_difference(request: CheckRequest, other: Path) -> int:
    """Print the settings that differ between this file and another, in the same environment."""
    ours = request.sources
    theirs = Sources(other, ours.env_file, ours.flags, ours.environ)
    contexts = [read(ours), read(theirs)]
    for context, sources in zip(contexts, (ours, theirs), strict=True):
        _refuse_syntax_errors(context, sources)
    return _write_document(
        difference_document(contexts, [name_of(ours), str(other)], config_of(ours)), request
    )


def write_settings(request: CheckRequest, path: Path) -> int:
    """Write the effective settings as a file, without secrets. Raises ``CheckFailed`` if any is invalid."""
    context = read(request.sources)
    _refuse_syntax_errors(context, request.sources)
    if any(problem.hidden_by is None for problem in context.total.problems):
        raise CheckFailed(
            f"{name_of(request.sources)} is invalid, nothing written; next: aurora check-config"
        )
    output.write_text(to_toml(context.settings), None if str(path) == "-" else path)
    return exit_codes.GOOD


def fix(request: CheckRequest) -> int:
    """Print the renames as a diff, make them, and check the result."""
    context = read(request.sources)
    masker = Masker(text for _, _, text in context.secrets())
    for found in find_fixes(context):
        sys.stderr.write(found.diff(masker))
        found.apply()
        sys.stderr.write(f"{found.path}: {found.renamed} renamed\n")
    return check(request)


def print_rules(request: CheckRequest) -> int:
    """Print all rules, one per line."""
    rules = [rule.metadata() for rule in (*RULES, *PROBES)]
    lines = [f"{rule.code}  {rule.severity:<7}  {rule.summary}\n" for rule in rules]
    output.write_text("".join(lines), request.output)
    return exit_codes.GOOD


def explain(request: CheckRequest, names: Sequence[str]) -> int:
    """Print the explanations of rules."""
    rules = [find_rule(name).metadata() for name in names]
    texts = [f"{rule.code} {rule.name} ({rule.severity})\n\n{rule.explanation}\n" for rule in rules]
    output.write_text("\n".join(texts), request.output)
    return exit_codes.GOOD


def print_file_schema(request: CheckRequest) -> int:
    """Print the JSON Schema of the configuration file, for editors."""
    write_schema({"$schema": DIALECT, **Settings.model_json_schema(), "title": "aurora.toml"}, request.output)
    return exit_codes.GOOD


def print_answer_schema(request: CheckRequest) -> int:
    """Print the JSON Schema of ``--format json``."""
    write_schema(SCHEMA, request.output)
    return exit_codes.GOOD


def _refuse_syntax_errors(context: LintContext, sources: Sources) -> None:
    for failure in context.unreadable:
        raise CheckFailed(f"{failure.file}: {failure.problem}; next: aurora check-config {name_of(sources)}")


def _write_document(document: Document, request: CheckRequest) -> int:
    if request.form not in {"text", "json"}:
        raise UsageError(f"--format {request.form} is for findings; settings are shown as text or json")
    write_document(document, "json" if request.form == "json" else "text", request.output)
    return document.exit_code


_WITHOUT_VALUE: Final[dict[str, Callable[[CheckRequest], int]]] = {
    "list": print_rules,
    "config-schema": print_file_schema,
    "schema": print_answer_schema,
    "show-effective": show_effective,
    "fix": fix,
}
