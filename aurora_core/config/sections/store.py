"""``[store]``: where metrics are kept, and for how long."""

from pathlib import Path

from pydantic import Field

from aurora_core.config.quantities import FilePath, Seconds
from aurora_core.config.sections.base import Section
from aurora_core.time_units import DAY_S, HOUR_S


class Store(Section):
    """One SQLite file of rollups: minutes, then hours, then days."""

    path: FilePath = Field(Path("/var/lib/aurora/metrics.db"), description="the file of the metrics")
    keep_minutes: Seconds = Field(7.0 * DAY_S, ge=HOUR_S, description="how long single minutes are kept")
    keep_hours: Seconds = Field(90.0 * DAY_S, ge=DAY_S, description="how long hours are kept; days stay")
