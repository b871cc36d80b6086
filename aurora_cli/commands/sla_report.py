"""``aurora sla-report``: whether the SLA was met, and how much error budget is left."""

from aurora_cli.commands.options import sla_report as of_report
from aurora_cli.commands.options.shared import ConfigOption, OutputOption, SchemaOption, StoreOption


def sla_report(
    window: of_report.WindowOption = None,
    store: StoreOption = None,
    config: ConfigOption = None,
    tz: of_report.ZoneOption = "UTC",
    group_by: of_report.GroupByOption = None,
    target: of_report.TargetOption = None,
    exclude: of_report.ExcludeOption = None,
    exclude_file: of_report.ExcludeFileOption = None,
    min_coverage: of_report.MinCoverageOption = 0.0,
    backtest_alerts: of_report.BacktestOption = False,
    now: of_report.NowOption = None,
    output_format: of_report.ReportFormatOption = "text",
    output: OutputOption = None,
    schema: SchemaOption = False,
) -> int:
    """Report the SLA and the error budget from the store.

    Availability, P95, error rate and cache hit rate against their targets, the error budget left and its burn
    rate, incidents, worst hours, errors by type, next to the previous window.

    Exit codes: 0 met, 1 breached, 2 usage error, 3 no verdict (no store, no data, coverage too low).
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
            by=group_by,
            as_if=target or [],
            exclude=exclude or [],
            exclude_file=exclude_file,
            min_coverage=min_coverage,
            backtest=backtest_alerts,
            now=now,
            form=output_format,
            output=output,
        )
    )
