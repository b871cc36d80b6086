"""``aurora simulate``: what these limits and retries would have done to real traffic."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import typer

from aurora_cli.commands.options import log as of_log
from aurora_cli.commands.options import replay as of_replay
from aurora_cli.commands.options.shared import (
    ConfigOption,
    NewStoreOption,
    OutputOption,
    SchemaOption,
    given_settings,
)
from aurora_cli.exit_codes import UsageError
from aurora_cli.options import parse_rpm

_EXTRA = frozenset({"duckdb", "numpy", "numba"})


@contextmanager
def needing_the_extra(command: str) -> Iterator[None]:
    """Name the package to install if an import fails without the extra."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        raise UsageError(
            f"{command} needs {error.name}, which is not installed: pip install 'aurora-resilience[replay]'"
        ) from None


def simulate(
    ctx: typer.Context,
    logs: of_log.LogsArgument = None,
    config: ConfigOption = None,
    rpm: of_replay.RpmOption = None,
    max_wait: of_replay.MaxWaitOption = None,
    burst: of_replay.BurstOption = None,
    limit_per: of_replay.LimitPerOption = None,
    workers: of_replay.WorkersOption = None,
    max_retries: of_replay.MaxRetriesOption = None,
    base_delay_ms: of_replay.BaseDelayOption = None,
    max_delay_ms: of_replay.MaxDelayOption = None,
    multiplier: of_replay.MultiplierOption = None,
    jitter: of_replay.JitterOption = None,
    deadline: of_replay.DeadlineOption = None,
    breaker_threshold: of_replay.BreakerThresholdOption = None,
    breaker_timeout: of_replay.BreakerTimeoutOption = None,
    no_breaker: of_replay.NoBreakerOption = False,
    error_rate: of_replay.ErrorRateOption = None,
    provider_rpm: of_replay.ProviderRpmOption = None,
    provider_limit: of_replay.ProviderLimitOption = None,
    provider_retry_after: of_replay.ProviderRetryAfterOption = None,
    seed: of_replay.SeedOption = 0,
    columns: of_log.ColumnsOption = None,
    failed: of_log.FailedOption = None,
    time_unit: of_log.TimeUnitOption = None,
    latency: of_log.LatencyOption = None,
    max_bad_lines: of_log.MaxBadLinesOption = None,
    scale: of_log.ScaleOption = 1.0,
    goal: of_replay.GoalOption = None,
    output_format: of_replay.ReplayFormatOption = "text",
    output: OutputOption = None,
    trace: of_replay.TraceOption = None,
    store: NewStoreOption = None,
    schema: SchemaOption = False,
) -> int:
    """Replay a query log through your limits and retries.

    The service's own limiter, retry and breaker run on a virtual clock. The result: queries by outcome,
    latency and its parts, load on the provider, the SLA, alerts. Options override the configuration; setting,
    variable and default are in brackets.

    Exit codes: 0 success, 1 a goal is missed or the configuration is invalid, 2 usage error, 3 no verdict
    (the log is unreadable or empty).
    """
    with needing_the_extra("simulate"):
        from aurora_cli.simulate import run as command  # noqa: PLC0415 - NumPy, DuckDB and Numba come with it
    if schema:
        return command.print_schema(output)
    from aurora_cli import configuration  # noqa: PLC0415 - pydantic comes with it
    from aurora_cli.simulate.log_options import LogOptions  # noqa: PLC0415 - the same
    from aurora_cli.simulate.scenario import Provider, Scenario  # noqa: PLC0415 - the same

    settings, file = configuration.load(config)
    settings = configuration.with_options(settings, given_settings(ctx, but=("rpm", "provider_rpm")))
    if no_breaker:
        settings = configuration.with_options(settings, {"breaker.enabled": False})
    upstream = replace(Provider.from_settings(settings), error_rate=error_rate)
    if provider_rpm is not None:
        upstream = replace(upstream, rpm=parse_rpm("--provider-rpm", provider_rpm))
    options = LogOptions(columns, failed, time_unit, latency)
    return command.run(
        command.SimulateRequest(
            logs or [], rpm, settings, Scenario.from_settings(settings), upstream, seed, options, scale,
            file, output_format, output, trace, store,
        )
    )  # fmt: skip
