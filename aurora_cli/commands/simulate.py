"""``aurora simulate``: what these limits and retries would have done to real traffic."""

from pathlib import Path
from typing import Annotated, Any

import typer

from aurora_cli.exits import Usage
from aurora_cli.options import Format, ProviderLimit, RetryAfter
from aurora_core.words import Jitter, LimitPer

_EXTRA = frozenset({"duckdb", "numpy", "numba"})


def _option(*names: str, help: str, **settings: Any) -> Any:  # noqa: A002 - Typer's own name
    return typer.Option(*names, help=help, **settings)


def simulate(
    logs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LOG]...",
            help="Logs of queries: CSV, JSON lines or Parquet, plain, gzip or zstd; files, globs or - for "
            "standard input. Without any: ./aurora-queries.jsonl, else a built-in sample.",
            show_default=False,
        ),
    ] = None,
    # The service's policy
    rpm: Annotated[
        str,
        _option(
            "--rpm",
            help="Requests a minute that the limiter lets through; 30,60,120 compares, off is no limiter.",
            envvar="AURORA_RATE_LIMIT_RPM",
        ),
    ] = "60",
    max_wait: Annotated[
        float,
        _option(
            "--max-wait",
            help="Longest wait at the limiter, in seconds.",
            envvar="AURORA_RATE_LIMIT_MAX_WAIT",
        ),
    ] = 60.0,
    burst: Annotated[
        float | None,
        _option("--burst", help="A token bucket of this size instead of the rolling minute."),
    ] = None,
    max_retries: Annotated[
        int, _option("--max-retries", help="Retries after the first attempt.", envvar="AURORA_MAX_RETRIES")
    ] = 3,
    base_delay_ms: Annotated[
        float,
        _option(
            "--base-delay-ms",
            help="Delay before the first retry.",
            envvar="AURORA_RETRY_BASE_DELAY_MS",
        ),
    ] = 100.0,
    max_delay_ms: Annotated[
        float,
        _option("--max-delay-ms", help="Longest delay before a retry.", envvar="AURORA_RETRY_MAX_DELAY_MS"),
    ] = 5000.0,
    multiplier: Annotated[
        float, _option("--multiplier", help="Growth of the delay from retry to retry.")
    ] = 2.0,
    jitter: Annotated[Jitter, _option("--jitter", help="How the delay is spread.")] = "none",
    limit_per: Annotated[
        LimitPer, _option("--limit-per", help="What takes a place at the limiter.")
    ] = "attempt",
    breaker_threshold: Annotated[
        int, _option("--breaker-threshold", help="Consecutive failures that open the breaker.")
    ] = 5,
    breaker_timeout: Annotated[
        float, _option("--breaker-timeout", help="Seconds until an open breaker lets a probe pass.")
    ] = 60.0,
    no_breaker: Annotated[bool, _option("--no-breaker", help="Leave the breaker out.")] = False,
    # The provider
    error_rate: Annotated[
        float | None,
        _option("--error-rate", help="Share of attempts that fail, 0 to 1, in place of the log's record."),
    ] = None,
    provider_rpm: Annotated[
        float | None, _option("--provider-rpm", help="The provider's own limit; above it it answers 429.")
    ] = None,
    provider_limit: Annotated[
        ProviderLimit, _option("--provider-limit", help="How the provider counts.")
    ] = "window",
    provider_retry_after: Annotated[
        RetryAfter,
        _option(
            "--provider-retry-after",
            help="What its 429 asks to wait: until its limit is whole, until a place is free, or nothing.",
        ),
    ] = "reset",
    seed: Annotated[int, _option("--seed", help="Seed of the replay's chance.")] = 0,
    # The log
    columns: Annotated[
        str | None,
        _option(
            "--columns",
            help="What the log's columns are: time=..,latency_ms=..,latency_s=..,status=..,error=..,key=..,"
            "tokens=..,id=..",
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
        str, _option("--max-bad-lines", help="Share of unreadable lines above which there is no verdict.")
    ] = "1%",
    scale: Annotated[float, _option("--scale", help="2 doubles the traffic: arrivals twice as dense.")] = 1.0,
    # The answer
    goal: Annotated[
        list[str] | None,
        _option(
            "--goal",
            help="What it must come to, as 'p95<500ms' or 'refused<1%'; repeatable; a miss is exit 1.",
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
    schema: Annotated[
        bool, _option("--schema", help="Print the JSON Schema of --format json and exit.")
    ] = False,
) -> int:
    """Replay a log of real queries through the service's own limiter, retry and breaker.

    It runs on a virtual clock and says what would have happened: queries by outcome, latency and its parts,
    load on the provider, the SLA, alerts.

    Exit codes: 0 fine, 1 a goal is missed, 2 wrong usage, 3 no verdict (the log cannot be read or is empty).
    """
    try:
        from aurora_cli.simulate import Policy, Provider  # noqa: PLC0415 - NumPy, DuckDB and Numba come with it
        from aurora_cli.simulate.run import Request, print_schema, run  # noqa: PLC0415 - the same
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        raise Usage(
            f"simulate needs {error.name}, which is not installed: pip install 'aurora-resilience[replay]'"
        ) from None
    if schema:
        return print_schema(output)
    policy = Policy(
        max_wait_s=max_wait,
        burst=burst,
        max_retries=max_retries,
        base_delay_ms=base_delay_ms,
        max_delay_ms=max_delay_ms,
        multiplier=multiplier,
        jitter=jitter,
        limit_per=limit_per,
        breaker_threshold=None if no_breaker else breaker_threshold,
        breaker_timeout_s=breaker_timeout,
    )
    upstream = Provider(
        rpm=provider_rpm, limit=provider_limit, retry_after=provider_retry_after, error_rate=error_rate
    )
    return run(
        Request(
            sources=logs or [],
            rpm=rpm,
            policy=policy,
            provider=upstream,
            seed=seed,
            columns=columns,
            failed=failed,
            time_unit=time_unit,
            latency=latency,
            max_bad_lines=max_bad_lines,
            scale=scale,
            goals=goal or [],
            form=form,
            output=output,
            trace=trace,
        )
    )
