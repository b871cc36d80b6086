"""``[llm]``: the provider, and the client that calls it."""

from typing import Literal

from pydantic import Field

from aurora_core.config.quantities import Count, OptionalSecret, Seconds
from aurora_core.config.sections.base import Section
from aurora_core.secrets import Secret

Provider = Literal["openai", "anthropic", "custom"]


class Llm(Section):
    """Who answers."""

    provider: Provider = Field(
        "openai", description="who answers: its published limits and key's shape are known"
    )
    model: str = Field("gpt-4-turbo-preview", min_length=1, description="the model that is asked")
    max_tokens: Count = Field(4096, ge=1, description="longest answer, in tokens")
    openai_api_key: OptionalSecret = Field(None, description="OpenAI's key; give it in the environment")
    anthropic_api_key: OptionalSecret = Field(None, description="Anthropic's key; give it in the environment")
    base_url: str | None = Field(
        None, min_length=1, description="the provider's address, where it is not its own"
    )
    timeout: Seconds = Field(60.0, gt=0, description="longest wait for the answer to one attempt")
    sdk_max_retries: Count = Field(
        0, ge=0, description="retries that the client library makes by itself; give it the same number"
    )

    @property
    def api_key(self) -> Secret | None:
        """The key of the provider that is asked; a custom one takes OpenAI's."""
        return self.anthropic_api_key if self.provider == "anthropic" else self.openai_api_key
