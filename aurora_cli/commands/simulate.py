"""``aurora simulate``: what these limits and retries would have done to real traffic."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from aurora_cli.exits import Usage
from aurora_cli.options import Format, ProviderLimit, RetryAfter
from aurora_core.words import Jitter, LimitPer

_EXTRA = frozenset({"duckdb", "numpy", "numba"})


@contextmanager
def needing_the_extra(command: str) -> Iterator[None]:
    """Say what to install where an import fails for the want of it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        raise Usage(
            f"{command} needs {error.name}, which is not installed: pip install 'aurora-resilience[replay]'"
        ) from None


def _option(*names: str, help: str, **settings: Any) -> Any:  # noqa: A002 - Typer's own name
    return typer.Option(*names, help=help, **settings)


def simulate(
    logs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LOG]...",
            help="Logs of queries: CSV, JSON lines or Parquet, plain, gzip or zstd; files, globs or - for "
            "standard input. Without any: the configuration's simulate.log, ./aurora-queries.jsonl, else a "
            "built-in sample.",
            show_default=False,
        ),
    ] = None,
    config: Annotated[
        Path | None,
        _option(
            "--config",
            help="The configuration that defaults are from; else AURORA_CONFIG, ./aurora.toml, the user's "
            "folder, /etc/aurora.",
        ),
    ] = None,
    # The service's policy
    rpm: Annotated[
        str | None,
        _option(
            "--rpm",
            help="Requests a minute that the limiter lets through; 30,60,120 compares, off is no limiter. "
            "[rate_limit.rpm, AURORA_RATE_LIMIT_RPM; 60]",
        ),
    ] = None,
    max_wait: Annotated[
        float | None,
        _option(
            "--max-wait",
            help="Longest wait at the limiter, in seconds. "
            "[rate_limit.max_wait, AURORA_RATE_LIMIT_MAX_WAIT; 60]",
        ),
    ] = None,
    burst: Annotated[
        float | None,
        _option(
            "--burst", help="A token bucket of this size instead of the rolling minute. [rate_limit.burst]"
        ),
    ] = None,
    max_retries: Annotated[
        int | None,
        _option(
            "--max-retries",
            help="Retries after the first attempt. [retry.max_retries, AURORA_MAX_RETRIES; 3]",
        ),
    ] = None,
    base_delay_ms: Annotated[
        float | None,
        _option(
            "--base-delay-ms",
            help="Delay before the first retry. [retry.base_delay_ms, AURORA_RETRY_BASE_DELAY_MS; 100]",
        ),
    ] = None,
    max_delay_ms: Annotated[
        float | None,
        _option(
            "--max-delay-ms",
            help="Longest delay before a retry. [retry.max_delay_ms, AURORA_RETRY_MAX_DELAY_MS; 5000]",
        ),
    ] = None,
    multiplier: Annotated[
        float | None,
        _option(
            "--multiplier", help="Growth of the delay from retry to retry. [retry.backoff_multiplier; 2]"
        ),
    ] = None,
    jitter: Annotated[
        Jitter | None, _option("--jitter", help="How the delay is spread. [retry.jitter; none]")
    ] = None,
    limit_per: Annotated[
        LimitPer | None,
        _option("--limit-per", help="What takes a place at the limiter. [rate_limit.per; attempt]"),
    ] = None,
    breaker_threshold: Annotated[
        int | None,
        _option(
            "--breaker-threshold",
            help="Consecutive failures that open the breaker. [breaker.failure_threshold; 5]",
        ),
    ] = None,
    breaker_timeout: Annotated[
        float | None,
        _option(
            "--breaker-timeout",
            help="Seconds until an open breaker lets a probe pass. [breaker.timeout; 60]",
        ),
    ] = None,
    no_breaker: Annotated[
        bool, _option("--no-breaker", help="Leave the breaker out. [breaker.enabled; true]")
    ] = False,
    deadline: Annotated[
        float | None,
        _option(
            "--deadline", help="Longest time for a call with all its retries, in seconds. [retry.deadline]"
        ),
    ] = None,
    workers: Annotated[
        int | None,
        _option(
            "--workers",
            help="Processes that call the provider, each with limits of its own. [rate_limit.workers; 1]",
        ),
    ] = None,
    # The provider
    error_rate: Annotated[
        float | None,
        _option("--error-rate", help="Share of attempts that fail, 0 to 1, in place of the log's record."),
    ] = None,
    provider_rpm: Annotated[
        float | None,
        _option(
            "--provider-rpm",
            help="The provider's own limit; above it it answers 429. [simulate.provider_rpm]",
        ),
    ] = None,
    provider_limit: Annotated[
        ProviderLimit | None,
        _option("--provider-limit", help="How the provider counts. [simulate.provider_limit; window]"),
    ] = None,
    provider_retry_after: Annotated[
        RetryAfter | None,
        _option(
            "--provider-retry-after",
            help="What its 429 asks to wait: until its limit is whole, until a place is free, or nothing. "
            "[simulate.provider_retry_after; reset]",
        ),
    ] = None,
    seed: Annotated[int, _option("--seed", help="Seed of the replay's chance.")] = 0,
    # The log
    columns: Annotated[
        str | None,
        _option(
            "--columns",
            help="What the log's columns are: time=..,latency_ms=..,latency_s=..,status=..,error=..,key=..,"
            "tokens=..,model=..,id=..",
        ),
    ] = None,
    failed: Annotated[
        str | None, _option("--failed", help="Values of the status that are failures: VALUE,..")
    ] = None,
    time_unit: Annotated[
        str | None,
        _option("--time-unit", help="The times' unit where it is not recognised rightly."),
    ] = None,
    latency: Annotated[
        str | None,
        _option(
            "--latency",
            help="Latency where the log has none: 800ms, or 300ms+20ms/token (assumed where it has tokens).",
        ),
    ] = None,
    max_bad_lines: Annotated[
        str | None,
        _option(
            "--max-bad-lines",
            help="Share of unreadable lines above which there is no verdict. [simulate.max_bad_lines; 1%]",
        ),
    ] = None,
    scale: Annotated[float, _option("--scale", help="2 doubles the traffic: arrivals twice as dense.")] = 1.0,
    # The answer
    goal: Annotated[
        list[str] | None,
        _option(
            "--goal",
            help="What it must come to, as 'p95<500ms' or 'refused<1%'; repeatable; a miss is exit 1. "
            "[simulate.goals]",
        ),
    ] = None,
    form: Annotated[Format, _option("--format", help="The form of the answer.")] = "text",
    output: Annotated[
        Path | None, _option("--output", "-o", help="Write the answer to a file, whole or not at all.")
    ] = None,
    trace: Annotated[
        Path | None,
        _option("--trace", help="Write one row a query to a file, .csv or .parquet (one policy only)."),
    ] = None,
    store: Annotated[
        str | None,
        _option(
            "--store",
            metavar="URL|PATH",
            help="Write the replay's minutes into a new metrics store, for sla-report.",
        ),
    ] = None,
    schema: Annotated[
        bool, _option("--schema", help="Print the JSON Schema of --format json and exit.")
    ] = False,
) -> int:
    """Replay a log of real queries through the service's own limiter, retry and breaker.

    It runs on a virtual clock and says what would have happened: queries by outcome, latency and its parts,
    load on the provider, the SLA, alerts. What an option does not say, the configuration does: the setting
    and its default stand in brackets.

    Exit codes: 0 fine, 1 a goal is missed or the configuration is invalid, 2 wrong usage, 3 no verdict (the
    log cannot be read or is empty).
    """
    with needing_the_extra("simulate"):
        from aurora_cli.simulate import run as replaying  # noqa: PLC0415 - NumPy, DuckDB and Numba come with it
    if schema:
        return replaying.print_schema(output)
    from aurora_cli import configuration  # noqa: PLC0415 - pydantic comes with it
    from aurora_cli.simulate.scenario import Provider, Scenario  # noqa: PLC0415 - the same

    settings, file = configuration.load(config)
    settings = configuration.with_options(
        settings,
        {
            "rate_limit.max_wait": max_wait,
            "rate_limit.burst": burst,
            "rate_limit.per": limit_per,
            "rate_limit.workers": workers,
            "retry.max_retries": max_retries,
            "retry.base_delay_ms": base_delay_ms,
            "retry.max_delay_ms": max_delay_ms,
            "retry.backoff_multiplier": multiplier,
            "retry.jitter": jitter,
            "retry.deadline": deadline,
            "breaker.failure_threshold": breaker_threshold,
            "breaker.timeout": breaker_timeout,
            "breaker.enabled": False if no_breaker else None,
            "simulate.provider_rpm": provider_rpm,
            "simulate.provider_limit": provider_limit,
            "simulate.provider_retry_after": provider_retry_after,
        },
    )
    upstream = replace(Provider.from_settings(settings), error_rate=error_rate)
    log = settings.simulate.log
    return replaying.run(
        replaying.Request(
            sources=logs or ([] if log is None else [str(log)]),
            rpm=rpm or str(settings.rate_limit.rpm),
            scenario=Scenario.from_settings(settings),
            provider=upstream,
            seed=seed,
            columns=columns,
            failed=failed,
            time_unit=time_unit,
            latency=latency,
            max_bad_lines=max_bad_lines or str(settings.simulate.max_bad_lines),
            scale=scale,
            goals=goal or settings.simulate.goals,
            promises=replaying.Promises(
                settings.sla.objectives(), settings.alerts.watches(), settings.cache.ttl
            ),
            config=file,
            form=form,
            output=output,
            trace=trace,
            store=store,
        )
    )
