"""``[breaker]``: when calls to a failing provider stop."""

from pydantic import Field

from aurora_core.config.field_types import Count, Seconds, Share
from aurora_core.config.sections.base import Section


class Breaker(Section):
    """Opens after consecutive failures, or on their rate."""

    enabled: bool = Field(True, description="whether the breaker is used")
    failure_threshold: Count = Field(5, ge=1, description="consecutive failures that open it")
    timeout: Seconds = Field(60.0, gt=0, description="time until an open breaker admits a probe")
    failure_rate: Share | None = Field(None, gt=0, le=1, description="failure rate that opens it as well")
    minimum_calls: Count = Field(
        10, ge=1, description="calls in the window below which the failure rate is ignored"
    )
    window: Seconds = Field(60.0, gt=0, description="window of the failure rate")
