"""Actions of the command beside a run: list, explain, attest, waive, and print the schema."""

import inspect
from pathlib import Path

import typer

from aurora_cli import exit_codes, output
from aurora_cli.check_config.codes import RULES
from aurora_cli.json_schema import write_schema
from aurora_cli.preflight import attestations
from aurora_cli.preflight.checklist import find_check
from aurora_cli.preflight.run import CommandContext
from aurora_cli.preflight.schema import SCHEMA


def print_checks(loaded: CommandContext, path: Path | None) -> int:
    """List the checks, one per line."""
    width = max(len(check.id) for check in loaded.checks)
    lines = [f"{check.id:<{width}}  {check.question}\n" for check in loaded.checks]
    output.write_text("".join(lines), path)
    return exit_codes.GOOD


def explain(check_id: str, loaded: CommandContext, path: Path | None) -> int:
    """Explain one check, with the rules of check-config that it answers for."""
    check = find_check("--explain", check_id, loaded.checks)
    text = f"{check.id}, at most {check.timeout_s:g} s\n\n{inspect.cleandoc(check.explanation)}\n"
    rules = [rule.metadata() for rule in RULES if rule.checked_by == check.id and rule.severity != "note"]
    if rules:
        lines = [f"  {rule.code} {rule.name}: {rule.summary}\n" for rule in rules]
        text += f"\nRules of `aurora check-config`:\n\n{''.join(lines)}"
    output.write_text(text, path)
    return exit_codes.GOOD


def attest(
    check_id: str, evidence: str | None, by: str | None, valid_for: str | None, loaded: CommandContext
) -> int:
    """Write an attestation."""
    message = attestations.attest(check_id, evidence, by, valid_for, loaded.checks, loaded.context)
    typer.echo(message, err=True)
    return exit_codes.GOOD


def waive(
    check_id: str, reason: str | None, until: str | None, by: str | None, loaded: CommandContext
) -> int:
    """Write a waiver."""
    message = attestations.waive(check_id, reason, until, by, loaded.checks, loaded.context)
    typer.echo(message, err=True)
    return exit_codes.GOOD


def print_schema(path: Path | None) -> int:
    """Write the JSON Schema of ``--format json``."""
    write_schema(SCHEMA, path)
    return exit_codes.GOOD
