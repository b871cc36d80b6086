"""``aurora alerts``: evaluate alert rules outside the service, and test notification channels."""

from typing import Annotated

import typer

from aurora_cli.commands.help import GroupedCommand
from aurora_cli.commands.options.shared import ConfigOption, OutputOption, SchemaOption, TextOrJsonOption

alerts = typer.Typer(
    help="Evaluate alert rules and send notifications.", no_args_is_help=True, rich_markup_mode=None
)

_Resend = Annotated[bool, typer.Option("--resend", help="Also retry messages whose delivery failed.")]
_Route = Annotated[str, typer.Option("--route", help="A channel, or a severity: each of its channels.")]
_DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Print the exact payload instead of sending it; secrets are masked.")
]


@alerts.command(cls=GroupedCommand)
def evaluate(
    config: ConfigOption = None,
    resend: _Resend = False,
    output_format: TextOrJsonOption = "text",
    output: OutputOption = None,
    schema: SchemaOption = False,
) -> int:
    """Evaluate the rules once and send what is due.

    For cron. State and outbox are in the store: however often and wherever the rules are evaluated, an alert
    is sent once when it fires and once when it resolves.

    Exit codes: 0 no rule fires, 1 a rule fires, 2 usage error, 3 no verdict (no store, no data) or a message
    could not be delivered.
    """
    from aurora_cli.alerts import evaluate as command  # noqa: PLC0415 - pydantic comes with it

    if schema:
        return command.print_schema(output)
    return command.run(command.EvaluateOptions(config, resend, output_format, output))


@alerts.command(cls=GroupedCommand)
def watch(config: ConfigOption = None) -> int:
    """Evaluate and notify until interrupted.

    Prints one line per message sent; `alerts.evaluation_interval` is the interval.

    Exit codes: 0 ended by SIGTERM, 2 usage error, 3 the store is missing or fails, 130 interrupted.
    """
    from aurora_cli.alerts import watch as command  # noqa: PLC0415 - pydantic comes with it

    return command.run(config)


@alerts.command("test", cls=GroupedCommand)
def send_test(route: _Route, dry_run: _DryRun = False, config: ConfigOption = None) -> int:
    """Send a test message through a channel.

    Exit codes: 0 sent, 1 a channel refused it, 2 usage error.
    """
    from aurora_cli.alerts import route_test  # noqa: PLC0415 - pydantic comes with it

    return route_test.run(config, route, dry_run=dry_run)
