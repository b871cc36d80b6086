"""``aurora sla-report``: whether what was promised was kept, and how much error budget is left."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from aurora_cli.options import ReportFormat


def sla_report(
    window: Annotated[
        str | None,
        typer.Option(
            "--window",
            help="24h, 7d, 30d, a month as 2026-10, a day, FROM..TO, or all there is. [sla.window; 30d]",
        ),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option("--store", metavar="URL|PATH", help="The metrics store. [store.url]"),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            help="The configuration; else AURORA_CONFIG, ./aurora.toml, the user's folder, /etc/aurora.",
        ),
    ] = None,
    tz: Annotated[str, typer.Option("--tz", help="Time zone of days and hours, as Europe/Berlin.")] = "UTC",
    by: Annotated[
        Literal["hour", "day", "model", "source"] | None,
        typer.Option("--by", help="A table by hour, day, model or source (process), too."),
    ] = None,
    as_if: Annotated[
        list[str] | None,
        typer.Option("--as-if", help="Another target, as availability=99.95 or p95=400ms; repeatable."),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", help="Time that does not count, as FROM..TO=reason; repeatable."),
    ] = None,
    exclude_file: Annotated[
        Path | None, typer.Option("--exclude-file", help="A file of lines FROM..TO=reason.")
    ] = None,
    min_coverage: Annotated[
        str, typer.Option("--min-coverage", help="Share of the window below which there is no verdict.")
    ] = "0%",
    backtest_alerts: Annotated[
        bool,
        typer.Option(
            "--backtest-alerts", help="What the alert rules would have done: fires, flaps, minutes to detect."
        ),
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of --format json and exit.")
    ] = False,
    now: Annotated[
        str | None, typer.Option("--now", help="The moment of the report, as 2026-10-01T08:00.")
    ] = None,
    form: Annotated[ReportFormat, typer.Option("--format", help="The form of the answer.")] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the answer to a file, whole or not at all.")
    ] = None,
) -> int:
    """Hold availability, P95, error rate and cache hit rate against their targets.

    From the metrics store that the service writes: the error budget left and how fast it burns, incidents,
    worst hours, errors by type, beside the window before.

    Exit codes: 0 met, 1 breached, 2 wrong usage, 3 no verdict (no store, nothing measured, coverage too
    low).
    """
    from aurora_cli import configuration  # noqa: PLC0415 - pydantic comes with it
    from aurora_cli.sla_report.run import Request, print_schema, run  # noqa: PLC0415 - the same

    if schema:
        return print_schema(output)
    settings, file = configuration.load(config)
    return run(
        Request(
            settings=settings,
            config=file,
            window=window,
            store=store,
            zone=tz,
            by=by,
            as_if=as_if or [],
            exclude=exclude or [],
            exclude_file=exclude_file,
            min_coverage=min_coverage,
            backtest=backtest_alerts,
            now=now,
            form=form,
            output=output,
        )
    )
