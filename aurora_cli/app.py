"""``aurora``: the commands, and the exit codes of their errors."""

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from aurora_cli import exit_codes
from aurora_cli.commands.alerts import alerts
from aurora_cli.commands.backup import backup, restore
from aurora_cli.commands.check_config import check_config
from aurora_cli.commands.help import GroupedCommand
from aurora_cli.commands.init import init
from aurora_cli.commands.metrics import metrics
from aurora_cli.commands.options.renamed import RENAMED_OPTIONS
from aurora_cli.commands.preflight import preflight
from aurora_cli.commands.simulate import simulate
from aurora_cli.commands.sla_report import sla_report
from aurora_cli.exit_codes import CommandError
from aurora_cli.sanitize import in_lines
from aurora_core import __version__

app = typer.Typer(
    name="aurora",
    help="Operate a service that calls LLM providers.",
    no_args_is_help=True,
    rich_markup_mode=None,  # half the start-up time, and help that pipes as plain text
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (check_config, preflight, simulate, sla_report, init, backup, restore):
    app.command(cls=GroupedCommand)(command)
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
    """Operate a service that calls LLM providers."""


def main() -> NoReturn:
    """Run the command line and exit with the exit code of the contract.

    Most commands are short: they collect no garbage (those that run for long enable it again), and exit
    without tearing down what they loaded, which takes the interpreter a third of the time of a small replay.
    All files are closed by then. A debugger, a profiler or a coverage tool gets the teardown that it needs.
    """
    gc.disable()
    _open_closed_streams()
    exit_code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    if _is_observed():
        sys.exit(exit_code)
    os._exit(exit_code)


def _is_observed() -> bool:
    """Whether a tool watches this process that writes its results when the interpreter exits."""
    monitoring = getattr(sys, "monitoring", None)  # from Python 3.12 on
    tools = monitoring is not None and any(monitoring.get_tool(number) for number in range(6))
    return bool(sys.gettrace() or sys.getprofile() or tools or "COVERAGE_RUN" in os.environ)


def _open_closed_streams() -> None:
    """Redirect a stream that the caller closed to nowhere: the next file opened would take its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for the whole run


def run(argv: Sequence[str]) -> int:
    """Run the command line and return its exit code; every error ends as a sentence on stderr."""
    try:
        return app(args=list(argv), prog_name="aurora", standalone_mode=False) or exit_codes.GOOD
    except SystemExit as ended:  # Typer ends completion with 0, and a closed pipe with 1
        return exit_codes.CLOSED_PIPE if ended.code else exit_codes.GOOD
    except Exception as error:  # noqa: BLE001 - the user gets a sentence, whatever it is
        sentence, exit_code = _explained(error)
        typer.echo(f"aurora: {in_lines(sentence)}", err=True)
        return exit_code


def _explained(error: Exception) -> tuple[str, int]:
    if isinstance(error, CommandError):
        return str(error), error.exit_code
    if isinstance(error, typer.TyperException):
        return f"{_explain_usage(error)}\nTry 'aurora --help'.", exit_codes.USAGE
    if isinstance(error, typer.Abort):
        return "aborted", exit_codes.INTERRUPTED
    if isinstance(error, MemoryError):
        return "out of memory: use a shorter log or fewer --max-retries", exit_codes.NO_VERDICT
    return f"internal error; traceback written to {_write_traceback()}", exit_codes.FAULT


def _explain_usage(error: typer.TyperException) -> str:
    """Return the message; for an option that the first version had, its name of today."""
    option = str(getattr(error, "option_name", None))  # Typer does not export its NoSuchOption
    if type(error).__name__ == "NoSuchOption" and option in RENAMED_OPTIONS:
        return f"No such option: {option}; it is now {RENAMED_OPTIONS[option]}"
    return error.format_message()


def _write_traceback() -> str:
    import tempfile  # noqa: PLC0415 - for a fault only
    import traceback  # noqa: PLC0415 - the same

    handle, path = tempfile.mkstemp(prefix="aurora-fault-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"aurora {__version__}\n{traceback.format_exc()}")
    return path
