"""``aurora metrics``: what is done with metrics beside reporting on them."""

from pathlib import Path
from typing import Annotated

import typer

from aurora_cli.commands.simulate import needing_the_extra
from aurora_cli.options import parse_list, parse_pairs, parse_share

metrics = typer.Typer(help="Work with the metrics store.", no_args_is_help=True, rich_markup_mode=None)


@metrics.command("import")
def import_log(
    logs: Annotated[list[str], typer.Argument(metavar="LOG...", help="Logs of queries; globs, - is stdin.")],
    store: Annotated[
        str, typer.Option("--store", metavar="URL|PATH", help="The new metrics store to write.")
    ],
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration, for the P95 target.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option("--columns", help="What the columns are: time=..,latency_ms=..,status=..")
    ] = None,
    failed: Annotated[
        str | None, typer.Option("--failed", help="Values of the status that are failures: VALUE,..")
    ] = None,
    time_unit: Annotated[
        str | None, typer.Option("--time-unit", help="The times' unit where it is not recognised rightly.")
    ] = None,
    latency: Annotated[
        str | None, typer.Option("--latency", help="Latency where the log has none: 800ms.")
    ] = None,
    max_bad_lines: Annotated[
        str | None,
        typer.Option("--max-bad-lines", help="Share of unreadable lines above which nothing is written."),
    ] = None,
) -> int:
    """Write a log's own recorded outcomes into a new metrics store, without any policy.

    Exit codes: 0 written, 2 wrong usage, 3 the log cannot be read or is empty.
    """
    with needing_the_extra("metrics import"):
        from aurora_cli.simulate.import_log import import_into  # noqa: PLC0415 - NumPy and DuckDB come with it
        from aurora_cli.simulate.reader import ReadOptions, parse_latency  # noqa: PLC0415 - the same
    from aurora_cli import configuration  # noqa: PLC0415 - pydantic comes with it

    settings = configuration.load(config).settings
    bad = max_bad_lines or str(settings.simulate.max_bad_lines)
    options = ReadOptions(
        columns=parse_pairs("--columns", columns),
        failed=frozenset(parse_list(failed)),
        time_unit=time_unit,
        latency=None if latency is None else parse_latency(latency),
        max_bad_share=parse_share("--max-bad-lines", bad),
    )
    return import_into(store, logs, options, settings.sla.p95_latency_ms, settings.cache.ttl)
