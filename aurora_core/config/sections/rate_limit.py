"""``[rate_limit]``: how many requests a minute, and how long a caller waits for its place."""

from typing import Annotated

from pydantic import Field

from aurora_core.config.quantities import Count, Rows, Seconds
from aurora_core.config.sections.base import Section
from aurora_core.config.sections.llm import Provider
from aurora_core.types import LimitScope

Rpm = Annotated[int, Field(ge=1, le=10_000_000)]
Burst = Annotated[float, Field(ge=1, le=10_000_000)]


class Tier(Section):
    """A limiter of its own for some models."""

    provider: Provider = Field(description="whose models")
    model: str = Field(min_length=1, description="the models by name; * stands for anything")
    rpm: Rpm = Field(description="requests a minute")
    burst: Burst | None = Field(None, description="a token bucket of this size instead of the rolling minute")
    provider_rpm: Rpm | None = Field(
        None, description="what the plan allows, where it is not the published limit"
    )


class RateLimit(Section):
    """The service's own limit, beneath the provider's."""

    rpm: Rpm = Field(60, description="requests a minute; never more start in any rolling minute")
    max_wait: Seconds = Field(
        60.0, ge=0, description="longest wait for a place; a longer one is refused at once"
    )
    burst: Burst | None = Field(None, description="a token bucket of this size instead of the rolling minute")
    per: LimitScope = Field(
        "attempt", description="what takes a place: each attempt, or each call one for all"
    )
    workers: Count = Field(
        1, ge=1, description="processes that call the provider, each with a limiter of its own"
    )
    provider_rpm: Rpm | None = Field(
        None, description="what the plan allows, where it is not the published limit"
    )
    tiers: Annotated[tuple[Tier, ...], Rows] = Field((), description="limiters of their own for other models")
