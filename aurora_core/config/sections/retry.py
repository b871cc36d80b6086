"""``[retry]``: how often a failed attempt is retried, and after which delay."""

from typing import Annotated

from pydantic import AfterValidator, Field

from aurora_core.config.field_types import Milliseconds, Seconds, Share, check_clock_resolution
from aurora_core.config.sections.base import Section
from aurora_core.types import Jitter

Delay = Annotated[Milliseconds, Field(ge=0, le=1e12), AfterValidator(check_clock_resolution)]


class Retry(Section):
    """Capped exponential backoff."""

    max_retries: int = Field(3, ge=0, le=1000, description="retries after the first attempt")
    base_delay_ms: Delay = Field(100.0, description="delay before the first retry")
    max_delay_ms: Delay = Field(5000.0, description="longest delay before a retry")
    backoff_multiplier: float = Field(2.0, ge=1, description="growth of the delay from retry to retry")
    jitter: Jitter = Field("none", description="how the delay is randomised: none, full or equal")
    deadline: Seconds | None = Field(None, gt=0, description="time limit for a call with all its retries")
    max_retry_after: Seconds = Field(120.0, ge=0, description="longest Retry-After that is honoured")
    budget_ratio: Share | None = Field(
        None, gt=0, le=1, description="retries per success, from a budget that all calls share"
    )
