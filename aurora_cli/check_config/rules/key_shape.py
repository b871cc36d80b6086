"""A key that is not of its provider's shape.

The keys of OpenAI begin with `sk-`, those of Anthropic with `sk-ant-`. One of the wrong shape is that of
another provider, or was cut short; the first request would tell, with a 401.

Example::

    export OPENAI_API_KEY=sk-ant-api03-kJ8s0dTq2LmWz4vXy7Rb

Instead::

    export OPENAI_API_KEY=sk-proj-kJ8s0dTq2LmWz4vXy7Rb
"""

from collections.abc import Iterator
from typing import Final

from aurora_cli.check_config.rules import placeholder
from aurora_cli.check_config.subject import Complaint, Subject

_SHORTEST: Final = 20


def check(subject: Subject) -> Iterator[Complaint]:
    """Compare beginning and length; with an address of one's own, keys may look like anything."""
    if subject.settings.llm.base_url is not None:
        return
    unfilled = {complaint.at for complaint in placeholder.check(subject)}
    for layer, path, text in subject.secrets():
        wrong = _wrong(str(path[-1]), text)
        if wrong and path[0] == "llm" and layer.origin(path) not in unfilled:
            yield Complaint(
                f"`{path[0]}.{path[-1]}` {wrong}",
                "compare it with the provider's console",
                at=layer.origin(path),
            )


def _wrong(name: str, text: str) -> str:
    if any(character.isspace() for character in text):
        return "has a blank or a line end in it"
    if len(text) < _SHORTEST:
        return f"has {len(text)} characters, fewer than any key"
    ours, other = ("sk-ant-", "") if name == "anthropic_api_key" else ("sk-", "sk-ant-")
    if not text.startswith(ours) or (other and text.startswith(other)):
        return f"does not begin as a key of {name.partition('_')[0]} does"
    return ""
