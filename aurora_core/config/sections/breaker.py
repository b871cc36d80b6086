"""``[breaker]``: when calls to a failing provider stop."""

from pydantic import Field

from aurora_core.config.field_types import Count, Seconds, Share
from aurora_core.config.sections.base import Section


class Breaker(Section):
    """Opens after failures in a row, or on their share."""

    enabled: bool = Field(True, description="whether there is one")
    failure_threshold: Count = Field(5, ge=1, description="failures in a row that open it")
    timeout: Seconds = Field(60.0, gt=0, description="time until an open breaker lets a probe pass")
    failure_rate: Share | None = Field(None, gt=0, le=1, description="share of failures that opens it, too")
    minimum_calls: Count = Field(
        10, ge=1, description="calls in the window below which the share says nothing"
    )
    window: Seconds = Field(60.0, gt=0, description="how far back the share looks")
