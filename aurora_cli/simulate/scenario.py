"""What a replay is asked: the service's settings and the provider's numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from aurora_cli.options import ProviderLimit, RetryAfter
from aurora_core.config.sections.breaker import Breaker
from aurora_core.config.sections.llm import Llm
from aurora_core.config.sections.rate_limit import RateLimit
from aurora_core.config.sections.retry import Retry
from aurora_core.config.settings import Settings


@dataclass(frozen=True)
class Scenario:
    """The service whose limits and retries are replayed: its settings, in the sections of its file.

    ``limited`` false: no limiter; workers and tiers keep breakers of their own. The model of ``llm`` is that
    of every query whose log names none.
    """

    rate_limit: RateLimit = field(default_factory=RateLimit)
    retry: Retry = field(default_factory=Retry)
    breaker: Breaker = field(default_factory=Breaker)
    llm: Llm = field(default_factory=Llm)
    limited: bool = True

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Take the service's own settings."""
        return cls(settings.rate_limit, settings.retry, settings.breaker, settings.llm)

    @property
    def name(self) -> str:
        """The scenario by its limit, which is what the scenarios of one run differ in."""
        return f"{self.rate_limit.rpm:g} rpm" if self.limited else "no limit"

    def with_rpm(self, rpm: float | None) -> Self:
        """The same scenario with another limit, None for no limiter."""
        if rpm is None:
            return replace(self, limited=False)
        return replace(self, rate_limit=self.rate_limit.model_copy(update={"rpm": rpm}), limited=True)

    def to_json(self) -> Mapping[str, Any]:
        """The settings that were replayed, section by section; ``rpm`` None: no limiter."""
        # No warnings: an option may give what a file may not, such as half a request a minute.
        limit = self.rate_limit.model_dump(warnings=False)
        if not self.limited:
            limit |= {"rpm": None, "tiers": [{**tier, "rpm": None} for tier in limit["tiers"]]}
        sections = {"retry": self.retry, "breaker": self.breaker}
        dumped = {name: part.model_dump(warnings=False) for name, part in sections.items()}
        return {"name": self.name, "rate_limit": limit, **dumped}

    def not_replayed(self) -> list[str]:
        """Name the settings that differ from their defaults and do not change the replay, with the reason."""
        reasons = []
        if self.llm.sdk_max_retries:
            reasons.append("llm.sdk_max_retries: the client library's own retries")
        limit = self.rate_limit
        if any([limit.provider_rpm, *(tier.provider_rpm for tier in limit.tiers)]):
            reasons.append("rate_limit.provider_rpm: the replayed provider's limit is --provider-rpm")
        return reasons


@dataclass(frozen=True)
class Provider:
    """The provider that answers.

    ``rpm`` None: it does not limit. ``limit``: a sliding window, a bucket that starts full, or a count per
    calendar minute. ``retry_after``: its 429 asks to wait until the limit is fully free again, until the
    next permit is free, or does not say. ``error_rate`` None: attempts fail as the log recorded.
    """

    rpm: float | None = None
    limit: ProviderLimit = "sliding-window"
    retry_after: RetryAfter = "reset"
    error_rate: float | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Take the provider of ``[simulate]``."""
        simulate = settings.simulate
        return cls(simulate.provider_rpm, simulate.provider_limit, simulate.provider_retry_after)


def compare(scenario: Scenario, rpms: Sequence[float | None]) -> list[Scenario]:
    """Give one scenario for each limit."""
    return [scenario.with_rpm(rpm) for rpm in rpms]
