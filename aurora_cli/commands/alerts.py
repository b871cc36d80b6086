"""``aurora alerts``: rules looked at and told of from outside the service, and routes tried."""

from pathlib import Path
from typing import Annotated, Literal

import typer

alerts = typer.Typer(
    help="Watch the alert rules, and tell who is in the routes.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="The configuration; else AURORA_CONFIG, ./aurora.toml, the user's folder, /etc/aurora.",
    ),
]


@alerts.command()
def check(
    config: _Config = None,
    resend: Annotated[
        bool, typer.Option("--resend", help="Send again what could not be delivered, too.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of --format json and exit.")
    ] = False,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="The form of the answer.")
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the answer to a file, whole or not at all.")
    ] = None,
) -> int:
    """Look once, deliver what there is to tell, and say how it stands: for cron.

    What was told is kept in the store: however often it is looked, and from wherever, a fire is told once,
    and its end once.

    Exit codes: 0 nothing fires, 1 a rule fires, 2 wrong usage, 3 nobody can say (no store, nothing measured)
    or a message could not be delivered.
    """
    from aurora_cli.alerts import check as checking  # noqa: PLC0415 - pydantic comes with it

    if schema:
        return checking.print_schema(output)
    return checking.run(checking.Request(config, resend, form, output))


@alerts.command()
def watch(config: _Config = None) -> int:
    """Look every `alerts.every`, and deliver, until it is interrupted; a line for each message.

    Exit codes: 0 ended by SIGTERM, 2 wrong usage, 3 the store is not there or fails, 130 interrupted.
    """
    from aurora_cli.alerts import watch as watching  # noqa: PLC0415 - pydantic comes with it

    return watching.run(config)


@alerts.command("test")
def try_route(
    route: Annotated[
        str, typer.Option("--route", help="A channel, or a severity: each channel that hears of it.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent, to the letter; secrets are masked.")
    ] = False,
    config: _Config = None,
) -> int:
    """Send a test message through a route.

    Exit codes: 0 sent, 1 a channel did not take it, 2 wrong usage.
    """
    from aurora_cli.alerts import trying  # noqa: PLC0415 - pydantic comes with it

    return trying.run(config, route, dry_run=dry_run)
