"""The LLM providers: one record for each, and nothing about a provider anywhere else.

Settings, environment variables, the JSON Schema, rules, checks and masking follow from this table. It needs
the standard library only, so that every room can read it.
"""

from typing import Final, NamedTuple


class PublishedLimit(NamedTuple):
    """Requests per minute of the models whose names begin with ``family``."""

    family: str
    rpm: int


class Provider(NamedTuple):
    """A provider. Empty: not known, so nothing is checked.

    ``title`` is its name in texts, ``key_variable`` the environment variable that its SDK reads the API key
    from, ``key_prefix`` how each of its keys begins, ``base_url`` the address of its API.
    """

    name: str
    title: str
    key_variable: str
    key_prefix: str = ""
    base_url: str = ""
    limits: tuple[PublishedLimit, ...] = ()

    @property
    def key_field(self) -> str:
        """The name of its key in ``[llm]``: ``openai_api_key``."""
        return self.key_variable.lower()


PROVIDERS: Final[tuple[Provider, ...]] = (
    Provider(
        "openai",
        "OpenAI",
        "OPENAI_API_KEY",
        key_prefix="sk-",
        base_url="https://api.openai.com",
        limits=(PublishedLimit("gpt-4", 60), PublishedLimit("gpt-3.5", 3500)),  # the production guide's
    ),
    Provider(
        "anthropic",
        "Anthropic",
        "ANTHROPIC_API_KEY",
        key_prefix="sk-ant-",
        base_url="https://api.anthropic.com",
        limits=(PublishedLimit("claude", 50),),  # the production guide's
    ),
    # A deployment that speaks OpenAI's API; its clients read the key from OpenAI's variable.
    Provider("custom", "a custom deployment", "OPENAI_API_KEY"),
)
"""A key variable that two providers share is described by the first of them."""


def find_provider(name: str) -> Provider:
    """Return the provider of a name. Raises ``KeyError`` for an unknown one."""
    for provider in PROVIDERS:
        if provider.name == name:
            return provider
    raise KeyError(name)


def key_owners() -> dict[str, Provider]:
    """Return for each key field of ``[llm]`` the provider that it belongs to."""
    owners: dict[str, Provider] = {}
    for provider in PROVIDERS:
        owners.setdefault(provider.key_field, provider)
    return owners


def published_limit(provider: str, model: str) -> PublishedLimit | None:
    """Return the limit of a model; None if the provider publishes none, or is custom."""
    limits = find_provider(provider).limits
    return next((limit for limit in limits if model.lower().startswith(limit.family)), None)


def key_prefix_of(key: str) -> str:
    """Return the longest key prefix of any provider that the key begins with; empty if there is none."""
    return max(
        (each.key_prefix for each in PROVIDERS if key.startswith(each.key_prefix)), key=len, default=""
    )
