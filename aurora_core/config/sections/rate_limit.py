"""``[rate_limit]``: requests per minute, and how long a caller waits for a permit."""

from typing import Annotated

from pydantic import Field

from aurora_core.config.field_types import Count, Rows, Seconds
from aurora_core.config.sections.base import Section
from aurora_core.config.sections.llm import ProviderName
from aurora_core.types import LimitScope

Rpm = Annotated[int, Field(ge=1, le=10_000_000)]
Burst = Annotated[float, Field(ge=1, le=10_000_000)]


class Tier(Section):
    """A separate limiter for some models."""

    provider: ProviderName = Field(description="provider of the models")
    model: str = Field(min_length=1, description="name of the models; * matches anything")
    rpm: Rpm = Field(description="requests per minute")
    burst: Burst | None = Field(
        None, description="size of a token bucket, used instead of the rolling minute"
    )
    provider_rpm: Rpm | None = Field(None, description="limit of your plan, if not the published one")


class RateLimit(Section):
    """The service's own limit, below the provider's."""

    rpm: Rpm = Field(60, description="requests per minute; no rolling minute has more starts")
    max_wait: Seconds = Field(
        60.0, ge=0, description="longest wait for a permit; a longer one is refused immediately"
    )
    burst: Burst | None = Field(
        None, description="size of a token bucket, used instead of the rolling minute"
    )
    per: LimitScope = Field("attempt", description="what takes a permit: each attempt, or each call")
    workers: Count = Field(1, ge=1, description="processes that call the provider, each with its own limiter")
    provider_rpm: Rpm | None = Field(None, description="limit of your plan, if not the published one")
    tiers: Annotated[tuple[Tier, ...], Rows] = Field((), description="separate limiters for other models")
