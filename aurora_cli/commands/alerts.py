"""``aurora alerts``: evaluate rules and deliver notifications outside the service, and test routes."""

from pathlib import Path
from typing import Annotated, Literal

import typer

alerts = typer.Typer(
    help="Evaluate alert rules and send notifications.",
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
def evaluate(
    config: _Config = None,
    resend: Annotated[
        bool, typer.Option("--resend", help="Also resend the messages that could not be delivered.")
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
    """Evaluate the rules once and deliver notifications.

    The state of each rule is in the store: a fire and its end are each notified once, whatever evaluates them
    and however often.

    Exit codes: 0 nothing fires, 1 a rule fires, 2 wrong usage, 3 no verdict (no store, nothing measured)
    or a message could not be delivered.
    """
    from aurora_cli.alerts import evaluate as evaluation  # noqa: PLC0415 - pydantic comes with it

    if schema:
        return evaluation.print_schema(output)
    return evaluation.run(evaluation.EvaluateOptions(config, resend, form, output))


@alerts.command()
def watch(config: _Config = None) -> int:
    """Evaluate and deliver until interrupted.

    Evaluates every `alerts.every` and prints one line per notification.

    Exit codes: 0 ended by SIGTERM, 2 wrong usage, 3 the store is not there or fails, 130 interrupted.
    """
    from aurora_cli.alerts import watch as watching  # noqa: PLC0415 - pydantic comes with it

    return watching.run(config)


@alerts.command("test")
def try_route(
    route: Annotated[str, typer.Option("--route", help="A channel, or a severity: each of its channels.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show exactly what would be sent; secrets are masked.")
    ] = False,
    config: _Config = None,
) -> int:
    """Send a test message through a route.

    Exit codes: 0 sent, 1 a channel did not accept it, 2 wrong usage.
    """
    from aurora_cli.alerts import route_test  # noqa: PLC0415 - pydantic comes with it

    return route_test.run(config, route, dry_run=dry_run)
