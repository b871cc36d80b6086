"""``aurora``: the commands mounted, and what their ends mean."""

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from aurora_cli import exits
from aurora_cli.commands.alerts import alerts
from aurora_cli.commands.backup import backup, restore
from aurora_cli.commands.check_config import check_config
from aurora_cli.commands.init import init
from aurora_cli.commands.metrics import metrics
from aurora_cli.commands.preflight import preflight
from aurora_cli.commands.simulate import simulate
from aurora_cli.commands.sla_report import sla_report
from aurora_cli.exits import CommandError
from aurora_cli.plain import in_lines
from aurora_core import __version__

app = typer.Typer(
    name="aurora",
    help="The operator's tool of a service that calls LLM providers.",
    no_args_is_help=True,
    rich_markup_mode=None,  # half the start-up time, and help that pipes as plain text
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(check_config)
app.command()(preflight)
app.command()(simulate)
app.command()(sla_report)
app.command()(init)
app.command()(backup)
app.command()(restore)
app.add_typer(metrics, name="metrics")
app.add_typer(alerts, name="alerts")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"aurora {__version__}")
        raise typer.Exit


@app.callback()
def aurora(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Answer the questions of whoever runs a service that calls LLM providers."""


def main() -> NoReturn:
    """Run the command line and leave with the exit code of the contract.

    A command is short: it collects no garbage, and leaves without taking down what it loaded, which takes
    the interpreter a third of the time that a small replay does. All files are closed by then.
    """
    gc.disable()
    _open_closed_streams()
    exit_code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)


def _open_closed_streams() -> None:
    """Read from and write to nowhere where the caller closed a stream: else the next file would be it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for the whole run


def run(argv: Sequence[str]) -> int:
    """Run the command line and return its exit code; whatever goes wrong ends as a sentence on stderr."""
    try:
        return app(args=list(argv), prog_name="aurora", standalone_mode=False) or exits.GOOD
    except SystemExit as ended:  # Typer ends completion so with 0, and what runs into a closed pipe with 1
        return exits.CLOSED_PIPE if ended.code else exits.GOOD
    except Exception as error:  # noqa: BLE001 - whatever it is, the user gets a sentence
        sentence, exit_code = _explained(error)
        typer.echo(f"aurora: {in_lines(sentence)}", err=True)
        return exit_code


def _explained(error: Exception) -> tuple[str, int]:
    if isinstance(error, CommandError):
        return str(error), error.exit_code
    if isinstance(error, typer.TyperException):
        return f"{error.format_message()}\nTry 'aurora --help'.", exits.USAGE
    if isinstance(error, typer.Abort):
        return "aborted", exits.INTERRUPTED
    if isinstance(error, MemoryError):
        return "not enough memory for this; take a shorter log or fewer --max-retries", exits.NO_VERDICT
    return f"a fault of aurora; its traceback is in {_keep_traceback()}", exits.FAULT


def _keep_traceback() -> str:
    import tempfile  # noqa: PLC0415 - for a fault only
    import traceback  # noqa: PLC0415 - the same

    handle, path = tempfile.mkstemp(prefix="aurora-fault-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"aurora {__version__}\n{traceback.format_exc()}")
    return path
