"""What providers publish: requests a minute, as the production guide lists them."""

from typing import Final, NamedTuple


class PublishedLimit(NamedTuple):
    """Requests a minute for the models whose names begin so."""

    provider: str
    family: str
    rpm: int


PUBLISHED_LIMITS: Final = (
    PublishedLimit("openai", "gpt-4", 60),
    PublishedLimit("openai", "gpt-3.5", 3500),
    PublishedLimit("anthropic", "claude", 50),
)


def published_limit(provider: str, model: str) -> PublishedLimit | None:
    """The limit of a model; None where none is known, as for custom deployments."""
    return next(
        (
            limit
            for limit in PUBLISHED_LIMITS
            if limit.provider == provider and model.lower().startswith(limit.family)
        ),
        None,
    )
