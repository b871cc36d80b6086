"""``[cache]``: stored answers."""

from pathlib import Path

from pydantic import Field

from aurora_core.config.field_types import Count, FilePath, Seconds
from aurora_core.config.sections.base import Section


class Cache(Section):
    """A hot tier in memory, a warm tier in a file."""

    hot_size: Count = Field(2000, ge=0, description="answers stored in memory")
    ttl: Seconds = Field(600.0, gt=0, description="how long an answer is valid")
    path: FilePath = Field(Path("/var/lib/aurora/cache.db"), description="the SQLite file of the warm tier")
