"""``[logging]``: the log of the service."""

from typing import Literal

from pydantic import Field

from aurora_core.config.sections.base import Section


class Logging(Section):
    """Level and format."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        "INFO", description="DEBUG, INFO, WARNING, ERROR or CRITICAL"
    )
    format: Literal["json", "text"] = Field("json", description="json, one object per line, or text")
