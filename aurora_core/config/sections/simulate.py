"""``[simulate]``: what `aurora simulate` replays where the command line does not say."""

from typing import Literal

from pydantic import Field

from aurora_core.config.field_types import FilePath, Names, Share
from aurora_core.config.sections.base import Section


class Simulate(Section):
    """The log, the provider of the replay, and the goals."""

    log: FilePath | None = Field(None, description="the log of queries that is replayed")
    provider_rpm: float | None = Field(
        None, gt=0, description="the provider's own limit; above it it answers 429"
    )
    provider_limit: Literal["window", "bucket", "fixed"] = Field(
        "window", description="how the provider counts"
    )
    provider_retry_after: Literal["reset", "next", "none"] = Field(
        "reset",
        description="what its 429 asks to wait: until its limit is whole, a place is free, or nothing",
    )
    max_bad_lines: Share = Field(0.01, ge=0, le=1, description="share of unreadable lines still put up with")
    goals: Names = Field((), description="what a replay must come to, as p95<500ms")
