"""``[store]``: where metrics are stored, and for how long."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from aurora_core.config.field_types import Seconds
from aurora_core.config.sections.base import Section
from aurora_core.store_url import StoreUrl, parse_store_url
from aurora_core.time_units import DAY_S, HOUR_S


def _check_url(text: str) -> str:
    try:
        parse_store_url(text)
    except ValueError as error:
        raise PydanticCustomError("quantity", "{reason}", {"reason": str(error)}) from None
    return text


class Store(Section):
    """One database of rollups: minutes, then hours, then days."""

    url: Annotated[str, AfterValidator(_check_url)] = Field(
        "sqlite:/var/lib/aurora/metrics.db", description="the metrics store: sqlite:PATH, or a path"
    )
    keep_minutes: Seconds = Field(7.0 * DAY_S, ge=HOUR_S, description="how long single minutes are kept")
    keep_hours: Seconds = Field(90.0 * DAY_S, ge=DAY_S, description="how long hours are kept; days stay")

    @property
    def location(self) -> StoreUrl:
        """The URL, parsed."""
        return parse_store_url(self.url)

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for a store on a server."""
        return self.location.file
