"""``[cache]``: answers that are kept."""

from pathlib import Path

from pydantic import Field

from aurora_core.config.field_types import Count, FilePath, Seconds
from aurora_core.config.sections.base import Section


class Cache(Section):
    """Hot in memory, warm in a file."""

    hot_size: Count = Field(2000, ge=0, description="answers kept in memory")
    ttl: Seconds = Field(600.0, gt=0, description="how long an answer is good")
    path: FilePath = Field(Path("/var/lib/aurora/cache.db"), description="the file of the warm answers")
