"""What the command does beside looking: listing, explaining, taking a person's word."""

import inspect
from pathlib import Path

import typer

from aurora_cli import exits, output
from aurora_cli.preflight import words_given
from aurora_cli.preflight.choice import check_named
from aurora_cli.preflight.run import Ground
from aurora_cli.preflight.schema import SCHEMA
from aurora_cli.schemas import write_schema


def tell(ground: Ground, explain: str | None, path: Path | None) -> int:
    """List the checks, or explain one."""
    if explain is not None:
        check = check_named("--explain", explain, ground.checks)
        text = f"{check.id}, at most {check.limit_s:g} s\n\n{inspect.cleandoc(check.explanation)}\n"
    else:
        width = max(len(check.id) for check in ground.checks)
        text = "".join(f"{check.id:<{width}}  {check.question}\n" for check in ground.checks)
    output.write_text(text, path)
    return exits.GOOD


def attest(check_id: str, evidence: str | None, by: str | None, valid_for: str | None, ground: Ground) -> int:
    """Write an attestation."""
    told = words_given.attest(check_id, evidence, by, valid_for, ground.checks, ground.context)
    typer.echo(told, err=True)
    return exits.GOOD


def waive(check_id: str, reason: str | None, until: str | None, by: str | None, ground: Ground) -> int:
    """Write a waiver."""
    typer.echo(words_given.waive(check_id, reason, until, by, ground.checks, ground.context), err=True)
    return exits.GOOD


def print_schema(path: Path | None) -> int:
    """Write the JSON Schema of ``--format json``."""
    write_schema(SCHEMA, path)
    return exits.GOOD
