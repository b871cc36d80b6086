"""Options that several commands share, and what options are made of."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer

from aurora_cli.commands.help import setting_of

OUTPUT: Final = "Output"
SOURCES: Final = "Sources"


def option(group: str, *names: str, help: str, **settings: Any) -> Any:  # noqa: A002 - Typer's own name
    """Declare an option in a group of the help."""
    return typer.Option(*names, help=help, rich_help_panel=group, **settings)


def given_settings(ctx: typer.Context, but: Collection[str] = ()) -> Mapping[str, object]:
    """Return the settings that options override, with the value given (None: not given).

    ``but`` names parameters whose value is not the setting's.
    """
    overridden = {parameter.name: setting_of(parameter) for parameter in ctx.command.params}
    return {
        path: ctx.params[name]
        for name, path in overridden.items()
        if name
        and path
        and name not in but
        and ctx.params[name] != ()  # an option with many values, not given
    }


ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="Configuration file; default: AURORA_CONFIG, ./aurora.toml, the user's folder, /etc/aurora.",
    ),
]
OutputOption = Annotated[
    Path | None,
    option(OUTPUT, "--output", "-o", help="Write the result to a file (atomically)."),
]
SchemaOption = Annotated[
    bool, option(OUTPUT, "--schema", help="Print the JSON Schema of --format json and exit.")
]
StoreOption = Annotated[
    str | None, option(SOURCES, "--store", metavar="URL|PATH", help="Metrics store to read. [store.url]")
]
NewStoreOption = Annotated[
    str | None,
    option(
        OUTPUT,
        "--store",
        metavar="URL|PATH",
        help="Write a new metrics store, for sla-report.",
    ),
]
TextOrJsonOption = Annotated[Literal["text", "json"], option(OUTPUT, "--format", help="Output format.")]
