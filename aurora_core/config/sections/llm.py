"""``[llm]``: the provider, and the client that calls it."""

from typing import Annotated, Any, TypeVar

from pydantic import Field, GetPydanticSchema, create_model
from pydantic_core import core_schema

from aurora_core.config.field_types import Count, OptionalSecret, Seconds
from aurora_core.config.sections.base import Section
from aurora_core.providers import PROVIDERS, find_provider, key_owners
from aurora_core.secrets import Secret

_Model = TypeVar("_Model", bound=Section)


def _provider_schema(_source: Any, _handler: Any) -> core_schema.CoreSchema:
    return core_schema.literal_schema([provider.name for provider in PROVIDERS])


ProviderName = Annotated[str, GetPydanticSchema(_provider_schema)]
"""The name of a provider of the table."""


def _with_key_fields(section: type[_Model]) -> type[_Model]:
    """Add an optional secret to the section for the API key of each provider."""
    fields: dict[str, Any] = {
        name: (
            OptionalSecret,
            Field(None, description=f"API key of {owner.title}; set it in the environment"),
        )
        for name, owner in key_owners().items()
    }
    return create_model(
        section.__name__, __base__=section, __module__=section.__module__, __doc__=section.__doc__, **fields
    )


@_with_key_fields
class Llm(Section):
    """The provider and its model, and an API key for each provider."""

    provider: ProviderName = Field(
        PROVIDERS[0].name, description="LLM provider; its published limits and key format are known"
    )
    model: str = Field("gpt-4-turbo-preview", min_length=1, description="name of the model")
    max_tokens: Count = Field(4096, ge=1, description="longest answer, in tokens")
    base_url: str | None = Field(
        None, min_length=1, description="address of the API, if not the provider's own"
    )
    timeout: Seconds = Field(60.0, gt=0, description="longest wait for the answer to one attempt")
    sdk_max_retries: Count = Field(
        0,
        ge=0,
        description="retries that the client library makes by itself; configure it with the same number",
    )

    @property
    def api_key(self) -> Secret | None:
        """The key of the configured provider."""
        key: Secret | None = getattr(self, find_provider(self.provider).key_field)
        return key

    def api_keys(self) -> list[Secret]:
        """Return the keys of all providers that are set."""
        keys = (getattr(self, field) for field in key_owners())
        return [key for key in keys if key is not None]
