"""``aurora check-config``: whether this configuration is right, before it meets production."""

import os
from pathlib import Path
from typing import Annotated

import typer

from aurora_cli.exits import Usage
from aurora_cli.options import FailOn, FindingFormat, parse_list

_SHOWS = "Show something else"


def check_config(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="The configuration; else AURORA_CONFIG, ./aurora.toml, the user's folder, /etc/aurora.",
            show_default=False,
        ),
    ] = None,
    config: Annotated[Path | None, typer.Option("--config", help="The same as FILE.")] = None,
    env_file: Annotated[
        Path | None,
        typer.Option("--env-file", help="A file of NAME=value lines, between file and environment."),
    ] = None,
    flags: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A value above all others, as rate_limit.rpm=30."),
    ] = None,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="From which severity on the exit code is 1.")
    ] = "error",
    strict: Annotated[bool, typer.Option("--strict", help="The same as --fail-on warning.")] = False,
    select: Annotated[
        list[str] | None, typer.Option("--select", metavar="CODE,..", help="Only rules whose codes begin so.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="CODE,..", help="No rules whose codes begin so.")
    ] = None,
    online: Annotated[
        bool, typer.Option("--online", help="Ask names, addresses and stores as well, 3 s each at most.")
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Rename misspelt keys where that is safe; the diff is shown first.")
    ] = False,
    form: Annotated[FindingFormat, typer.Option("--format", help="The form of the answer.")] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the answer to a file, whole or not at all.")
    ] = None,
    show_effective: Annotated[
        bool,
        typer.Option(
            "--show-effective", help="Show each value and where it came from.", rich_help_panel=_SHOWS
        ),
    ] = False,
    origin: Annotated[
        str | None, typer.Option("--origin", metavar="KEY", help="Show what each layer gives for a key.")
    ] = None,
    diff: Annotated[
        Path | None, typer.Option("--diff", metavar="OTHER", help="Show what differs from another file.")
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(
            "--write", metavar="FILE", help="Write the effective settings as TOML, without secrets."
        ),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List all rules.")] = False,
    explain: Annotated[
        list[str] | None,
        typer.Option("--explain", metavar="CODE", help="Explain a rule: why, example, instead."),
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of the file, for editors.")
    ] = False,
    json_schema: Annotated[
        bool, typer.Option("--json-schema", help="Print the JSON Schema of --format json.")
    ] = False,
) -> int:
    """Validate file, environment and their sum, offline and without any side effect.

    Every mistake in one run: what, where and how to mend it. Each layer is looked at by itself as well, so
    that a bad value is found that a better one hides.

    Exit codes: 0 valid, 1 findings at or above --fail-on, 2 wrong usage, 3 a probe of --online had no answer.
    """
    from aurora_cli.check_config import run  # noqa: PLC0415 - pydantic comes with it
    from aurora_cli.check_config.load import Sources  # noqa: PLC0415 - the same

    if file is not None and config is not None and file != config:
        raise Usage(f"FILE is {file} and --config {config}; name one")
    request = run.CheckRequest(
        sources=Sources(file or config, env_file, flags or [], os.environ),
        fail_on="warning" if strict and fail_on == "error" else fail_on,
        select=parse_list(",".join(select or [])),
        ignore=parse_list(",".join(ignore or [])),
        online=online,
        form=form,
        output=output,
    )
    asked = {
        "list": list_,
        "schema": schema,
        "json-schema": json_schema,
        "explain": explain,
        "show-effective": show_effective,
        "origin": origin,
        "diff": diff,
        "write": write,
        "fix": fix,
    }
    given = {name: value for name, value in asked.items() if value}
    if len(given) > 1:
        raise Usage(
            f"{' and '.join(f'--{name}' for name in given)} each show something of their own; take one"
        )
    if not given:
        return run.check(request)
    from aurora_cli.check_config.actions import act  # noqa: PLC0415 - a plain check needs none of them

    return act(request, *given.popitem())
