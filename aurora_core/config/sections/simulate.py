"""``[simulate]``: defaults for the options of `aurora simulate`."""

from typing import Literal

from pydantic import Field

from aurora_core.config.field_types import FilePath, Names, Share
from aurora_core.config.sections.base import Section


class Simulate(Section):
    """The log, the provider of the replay, and the goals."""

    log: FilePath | None = Field(None, description="the log of queries to replay")
    provider_rpm: float | None = Field(
        None, gt=0, description="the provider's rate limit; requests above it get a 429"
    )
    provider_limit: Literal["sliding-window", "token-bucket", "fixed-window"] = Field(
        "sliding-window", description="how the provider counts: sliding-window, token-bucket or fixed-window"
    )
    provider_retry_after: Literal["reset", "next", "none"] = Field(
        "reset",
        description="Retry-After of its 429: until the limit is full again, until the next permit, or none",
    )
    max_bad_lines: Share = Field(0.01, ge=0, le=1, description="share of unparseable lines that is tolerated")
    goals: Names = Field((), description="pass/fail criteria of a replay, such as p95<500ms")
