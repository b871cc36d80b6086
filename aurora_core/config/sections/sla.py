"""``[sla]``: what is promised, and from where on someone is told."""

from dataclasses import replace
from typing import Literal

from pydantic import Field

from aurora_core.config.quantities import Milliseconds, Seconds, Share
from aurora_core.config.sections.base import Section
from aurora_core.sla.objectives import DEFAULT_OBJECTIVES, Objective
from aurora_core.time_units import DAY_S


class Sla(Section):
    """The guide's table: for each figure its target and its alert threshold."""

    availability: Share = Field(0.999, gt=0, lt=1, description="share of calls that succeed, at least")
    availability_alert: Share = Field(0.995, gt=0, lt=1, description="alert below this availability")
    p95_latency_ms: Milliseconds = Field(500.0, gt=0, description="95 of 100 calls end sooner")
    p95_latency_alert_ms: Milliseconds = Field(1000.0, gt=0, description="alert above this P95")
    error_rate: Share = Field(0.01, gt=0, lt=1, description="share of calls that fail, below this")
    error_rate_alert: Share = Field(0.05, gt=0, lt=1, description="alert above this error rate")
    cache_hit_rate: Share = Field(0.30, ge=0, lt=1, description="share of look-ups that hit, above this")
    cache_hit_rate_alert: Share = Field(0.20, ge=0, lt=1, description="alert below this hit rate")
    cache_hit_rate_required: bool = Field(False, description="whether missing it breaches the SLA")
    availability_by: Literal["requests", "minutes"] = Field(
        "requests", description="what availability counts"
    )
    window: Seconds = Field(30.0 * DAY_S, gt=0, description="the stretch of time that is reported on")

    def objectives(self) -> tuple[Objective, ...]:
        """The promises as the verdict takes them."""
        numbers = {
            "availability": (self.availability, self.availability_alert),
            "p95_latency": (self.p95_latency_ms, self.p95_latency_alert_ms),
            "error_rate": (self.error_rate, self.error_rate_alert),
            "cache_hit_rate": (self.cache_hit_rate, self.cache_hit_rate_alert),
        }
        return tuple(
            replace(
                objective,
                target=numbers[objective.name][0],
                alert_threshold=numbers[objective.name][1],
                required=objective.required or self.cache_hit_rate_required,
            )
            for objective in DEFAULT_OBJECTIVES
        )
