"""What a replay takes from the settings where the command line does not say."""

from dataclasses import replace
from typing import Any, TypeVar

from aurora_cli.simulate.policy import Policy, Provider
from aurora_core.config.settings import Settings

_Asked = TypeVar("_Asked", Policy, Provider)


def policy_of(settings: Settings) -> Policy:
    """The service's own limiter, retry and breaker."""
    limit, retry, breaker = settings.rate_limit, settings.retry, settings.breaker
    return Policy(
        rpm=limit.rpm,
        max_wait_s=limit.max_wait,
        burst=limit.burst,
        max_retries=retry.max_retries,
        base_delay_ms=retry.base_delay_ms,
        max_delay_ms=retry.max_delay_ms,
        multiplier=retry.backoff_multiplier,
        jitter=retry.jitter,
        limit_per=limit.per,
        breaker_threshold=breaker.failure_threshold if breaker.enabled else None,
        breaker_timeout_s=breaker.timeout,
    )


def provider_of(settings: Settings) -> Provider:
    """The provider that a replay meets."""
    simulate = settings.simulate
    return Provider(
        rpm=simulate.provider_rpm, limit=simulate.provider_limit, retry_after=simulate.provider_retry_after
    )


def over(defaults: _Asked, **given: Any) -> _Asked:
    """The defaults, but for what was given: None is not."""
    return replace(defaults, **{name: value for name, value in given.items() if value is not None})
