"""Options of ``aurora simulate``: the service's policy, the provider, the output."""

from pathlib import Path
from typing import Annotated, Final

from aurora_cli.commands.options.shared import OUTPUT, option
from aurora_cli.options import Format, ProviderLimit, RetryAfter, share_value
from aurora_core.types import Jitter, LimitScope

POLICY: Final = "Policy"
PROVIDER: Final = "Provider"

RpmOption = Annotated[
    str | None,
    option(
        POLICY,
        "--rpm",
        metavar="RPM,..",
        help="Rate limit in requests per minute; 30,60,120 compares, off disables it. [rate_limit.rpm]",
    ),
]
MaxWaitOption = Annotated[
    float | None,
    option(POLICY, "--max-wait", help="Longest wait at the limiter, in seconds. [rate_limit.max_wait]"),
]
BurstOption = Annotated[
    float | None,
    option(POLICY, "--burst", help="Token bucket of this size instead of a window. [rate_limit.burst]"),
]
LimitPerOption = Annotated[
    LimitScope | None, option(POLICY, "--limit-per", help="What takes a permit. [rate_limit.per]")
]
WorkersOption = Annotated[
    int | None,
    option(
        POLICY,
        "--workers",
        min=1,
        help="Processes that call the provider, each with its own limits. [rate_limit.workers]",
    ),
]
MaxRetriesOption = Annotated[
    int | None, option(POLICY, "--max-retries", help="Retries after the first attempt. [retry.max_retries]")
]
BaseDelayOption = Annotated[
    float | None,
    option(POLICY, "--base-delay-ms", help="First delay. [retry.base_delay_ms]"),
]
MaxDelayOption = Annotated[
    float | None, option(POLICY, "--max-delay-ms", help="Longest delay. [retry.max_delay_ms]")
]
MultiplierOption = Annotated[
    float | None,
    option(POLICY, "--multiplier", help="Growth of the delay per retry. [retry.backoff_multiplier]"),
]
JitterOption = Annotated[Jitter | None, option(POLICY, "--jitter", help="Spread of delays. [retry.jitter]")]
DeadlineOption = Annotated[
    float | None,
    option(POLICY, "--deadline", help="Longest time per call with its retries, in seconds. [retry.deadline]"),
]
BreakerThresholdOption = Annotated[
    int | None,
    option(
        POLICY,
        "--breaker-threshold",
        help="Consecutive failures that open the breaker. [breaker.failure_threshold]",
    ),
]
BreakerTimeoutOption = Annotated[
    float | None,
    option(POLICY, "--breaker-timeout", help="Seconds until an open breaker is probed. [breaker.timeout]"),
]
NoBreakerOption = Annotated[bool, option(POLICY, "--no-breaker", help="Disable the circuit breaker.")]

ErrorRateOption = Annotated[
    float | None,
    option(
        PROVIDER,
        "--error-rate",
        metavar="SHARE",
        parser=share_value,
        help="Share of attempts that fail, such as 20% or 0.2; default: as the log recorded.",
    ),
]
ProviderRpmOption = Annotated[
    str | None,
    option(
        PROVIDER,
        "--provider-rpm",
        metavar="RPM",
        help="The provider's rate limit; requests above it get a 429. [simulate.provider_rpm]",
    ),
]
ProviderLimitOption = Annotated[
    ProviderLimit | None,
    option(PROVIDER, "--provider-limit", help="How the provider counts. [simulate.provider_limit]"),
]
ProviderRetryAfterOption = Annotated[
    RetryAfter | None,
    option(
        PROVIDER,
        "--provider-retry-after",
        help="Retry-After of its 429: until the limit resets, until the next permit, or none. "
        "[simulate.provider_retry_after]",
    ),
]
SeedOption = Annotated[int, option(PROVIDER, "--seed", help="Seed of the random numbers.")]

GoalOption = Annotated[
    list[str] | None,
    option(
        OUTPUT,
        "--goal",
        help="Pass/fail criterion, e.g. 'p95<500ms' or 'refused<1%'; repeatable; a miss is exit 1. "
        "[simulate.goals]",
    ),
]
ReplayFormatOption = Annotated[Format, option(OUTPUT, "--format", help="Output format.")]
TraceOption = Annotated[
    Path | None,
    option(OUTPUT, "--trace", help="Write one row per query to a .csv or .parquet file (one policy only)."),
]
