"""An API key that does not have its provider's format.

The keys of OpenAI begin with `sk-`, those of Anthropic with `sk-ant-`. A key of another format belongs to
another provider, or was cut short: the first request would get a 401.

Example::

    export OPENAI_API_KEY=sk-ant-api03-kJ8s0dTq2LmWz4vXy7Rb

Instead::

    export OPENAI_API_KEY=sk-proj-kJ8s0dTq2LmWz4vXy7Rb
"""

from collections.abc import Iterator
from typing import Final

from aurora_cli.check_config.context import LintContext, Violation
from aurora_cli.check_config.rules import placeholder
from aurora_core.config.problems import dotted
from aurora_core.providers import Provider, key_owners, key_prefix_of

_MIN_LENGTH: Final = 20


def check(context: LintContext) -> Iterator[Violation]:
    """Compare prefix and length; with a custom `base_url`, keys may have any format."""
    if context.settings.llm.base_url is not None:
        return
    owners = key_owners()
    placeholders = {violation.at for violation in placeholder.check(context)}
    for layer, path, text in context.secrets():
        owner = owners.get(str(path[-1]))
        problem = _problem_of(text, owner) if owner is not None else ""
        if problem and layer.origin(path) not in placeholders:
            yield Violation(
                f"`{dotted(path)}` {problem}",
                "compare it with the provider's console",
                at=layer.origin(path),
            )


def _problem_of(key: str, owner: Provider) -> str:
    if any(character.isspace() for character in key):
        return "contains a blank or a line break"
    if len(key) < _MIN_LENGTH:
        return f"has {len(key)} characters, fewer than any key"
    if key_prefix_of(key) != owner.key_prefix:
        return f"does not begin like a key of {owner.title}"
    return ""
