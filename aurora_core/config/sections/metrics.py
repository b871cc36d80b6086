"""``[metrics]``: the metrics, and the port that exposes them."""

from pydantic import Field

from aurora_core.config.sections.base import Section


class Metrics(Section):
    """The collector, and the port that Prometheus scrapes."""

    enabled: bool = Field(True, description="whether calls are counted")
    port: int = Field(9090, ge=1, le=65535, description="the port that Prometheus scrapes")
