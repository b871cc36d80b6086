"""``aurora metrics``: work with the metrics store."""

from typing import Annotated

import typer

from aurora_cli.commands.help import GroupedCommand
from aurora_cli.commands.options import log as of_log
from aurora_cli.commands.options.shared import ConfigOption, given_settings, option
from aurora_cli.commands.simulate import needing_the_extra

metrics = typer.Typer(
    help="Import a log's outcomes into a metrics store.", no_args_is_help=True, rich_markup_mode=None
)

_Logs = Annotated[list[str], typer.Argument(metavar="LOG...", help="Query logs: files, globs or -.")]
_Store = Annotated[str, option("Output", "--store", metavar="URL|PATH", help="New metrics store to write.")]


@metrics.command("import", cls=GroupedCommand)
def import_log(
    ctx: typer.Context,
    logs: _Logs,
    store: _Store,
    config: ConfigOption = None,
    columns: of_log.ColumnsOption = None,
    failed: of_log.FailedOption = None,
    time_unit: of_log.TimeUnitOption = None,
    latency: of_log.LatencyOption = None,
    max_bad_lines: of_log.MaxBadLinesOption = None,
) -> int:
    """Import a log's recorded outcomes into a new store.

    The recorded outcomes are counted as they are, without limits or retries.

    Exit codes: 0 written, 2 usage error, 3 the log is unreadable or empty.
    """
    with needing_the_extra("metrics import"):
        from aurora_cli.simulate.import_log import import_into  # noqa: PLC0415 - NumPy and DuckDB come with it
        from aurora_cli.simulate.log_options import LogOptions  # noqa: PLC0415 - the same
    from aurora_cli import configuration  # noqa: PLC0415 - pydantic comes with it

    settings = configuration.with_options(configuration.load(config).settings, given_settings(ctx))
    options = LogOptions(columns, failed, time_unit, latency).parsed(settings.simulate.max_bad_lines)
    return import_into(store, logs, options, settings.sla.p95_latency_ms, settings.cache.ttl)
