"""``[sla]``: targets, and the thresholds of their alerts."""

from dataclasses import replace
from typing import Literal

from pydantic import Field

from aurora_core.config.field_types import Milliseconds, Seconds, Share
from aurora_core.config.sections.base import Section
from aurora_core.sla.objectives import DEFAULT_OBJECTIVES, Objective
from aurora_core.time_units import DAY_S


class Sla(Section):
    """The guide's table: a target and an alert threshold for each metric."""

    availability: Share = Field(0.999, gt=0, lt=1, description="minimum share of successful calls")
    availability_alert: Share = Field(0.995, gt=0, lt=1, description="alert below this availability")
    p95_latency_ms: Milliseconds = Field(500.0, gt=0, description="maximum P95 latency")
    p95_latency_alert_ms: Milliseconds = Field(1000.0, gt=0, description="alert above this P95")
    error_rate: Share = Field(0.01, gt=0, lt=1, description="maximum share of failed calls")
    error_rate_alert: Share = Field(0.05, gt=0, lt=1, description="alert above this error rate")
    cache_hit_rate: Share = Field(0.30, ge=0, lt=1, description="minimum share of cache hits")
    cache_hit_rate_alert: Share = Field(0.20, ge=0, lt=1, description="alert below this hit rate")
    cache_hit_rate_required: bool = Field(
        False, description="whether a missed cache hit rate breaches the SLA"
    )
    availability_by: Literal["requests", "minutes"] = Field(
        "requests", description="what availability counts: requests or minutes"
    )
    window: Seconds = Field(30.0 * DAY_S, gt=0, description="the window of the report")

    def objectives(self) -> tuple[Objective, ...]:
        """Return the objectives for the verdict."""
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
