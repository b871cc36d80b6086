"""``[logging]``: what the service writes about itself."""

from typing import Literal

from pydantic import Field

from aurora_core.config.sections.base import Section


class Logging(Section):
    """Level and form."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        "INFO", description="DEBUG, INFO, WARNING, ERROR or CRITICAL"
    )
    format: Literal["json", "text"] = Field("json", description="json, one object a line, or text")
