"""``[store]``: where metrics are kept, and for how long."""

from pathlib import Path

from pydantic import Field

from aurora_core.config.field_types import FilePath, Seconds
from aurora_core.config.sections.base import Section

_DAY_S = 86_400.0


class Store(Section):
    """One SQLite file of rollups: minutes, then hours, then days."""

    path: FilePath = Field(Path("/var/lib/aurora/metrics.db"), description="the file of the metrics")
    keep_minutes: Seconds = Field(7 * _DAY_S, ge=3600, description="how long single minutes are kept")
    keep_hours: Seconds = Field(90 * _DAY_S, ge=_DAY_S, description="how long hours are kept; days stay")
