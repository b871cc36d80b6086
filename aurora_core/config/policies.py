"""From the settings to the laws' policies: the one door, for the service and for a replay.

The service's live objects and the simulator's compiled kernel both get their numbers here. A setting that
the live pipeline obeys becomes a field of a policy in this file, and so reaches a replay as well.
"""

from fnmatch import fnmatchcase

from aurora_core.config.sections.breaker import Breaker
from aurora_core.config.sections.rate_limit import RateLimit, Tier
from aurora_core.config.sections.retry import Retry
from aurora_core.laws.breaker import BreakerPolicy
from aurora_core.laws.rate_limit import LimitPolicy
from aurora_core.laws.retry import RetryPolicy
from aurora_core.laws.retry_budget import BudgetPolicy
from aurora_core.resilience import policies


def limiter_policy(settings: RateLimit, tier: Tier | None = None) -> LimitPolicy:
    """Return the limit of ``[rate_limit]``, or that of one of its tiers. Raises ``ValueError``."""
    limit = settings if tier is None else tier
    return policies.limit_policy(limit.rpm, settings.max_wait, limit.burst)


def retry_policy(settings: Retry) -> RetryPolicy:
    """Return the policy of ``[retry]``, deadline and longest Retry-After included. Raises ``ValueError``."""
    return policies.retry_policy(
        settings.max_retries,
        settings.base_delay_ms,
        settings.max_delay_ms,
        settings.backoff_multiplier,
        settings.jitter,
        settings.max_retry_after,
        settings.deadline,
    )


def budget_policy(settings: Retry) -> BudgetPolicy | None:
    """Return the retry budget of ``[retry]``; None if ``budget_ratio`` is not set."""
    return None if settings.budget_ratio is None else policies.budget_policy(settings.budget_ratio)


def breaker_policy(settings: Breaker) -> BreakerPolicy | None:
    """Return the policy of ``[breaker]``; None if it is disabled. Raises ``ValueError``."""
    if not settings.enabled:
        return None
    return policies.breaker_policy(
        settings.failure_threshold,
        settings.timeout,
        settings.failure_rate,
        settings.minimum_calls,
        settings.window,
    )


def tier_index(settings: RateLimit, model: str, provider: str | None = None) -> int | None:
    """Return the index of the first tier whose pattern matches the model; None if no tier does.

    With ``provider`` a tier must be of that provider too; a log's model column does not name one.
    """
    for index, tier in enumerate(settings.tiers):
        if provider in (None, tier.provider) and fnmatchcase(model, tier.model):
            return index
    return None
