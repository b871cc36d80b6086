"""``[security]``: what may come in, and what is looked at."""

from pydantic import Field

from aurora_core.config.quantities import Bytes, Count
from aurora_core.config.sections.base import Section


class Security(Section):
    """Queries and generated code."""

    scan: bool = Field(True, description="whether generated code is looked at before it is handed on")
    max_query_length: Count = Field(10_000, ge=1, description="longest query, in characters")
    max_query_bytes: Bytes = Field(40_000, ge=1, le=10**12, description="longest query, in bytes of UTF-8")
