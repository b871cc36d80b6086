"""No key for the provider.

Where the configuration is checked a key is often kept away on purpose, so this is but a note; `aurora
preflight` looks for it where the service will run.

Example::

    [llm]
    provider = "openai"

Instead::

    export OPENAI_API_KEY=sk-proj-kJ8s0dTq2LmWz4vXy7Rb
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Name the variable."""
    llm = subject.settings.llm
    name = "anthropic" if llm.provider == "anthropic" else "openai"
    key = f"llm.{name}_api_key"
    if llm.api_key is None and not subject.is_chosen(key):
        yield Complaint(
            f"there is no key for {llm.provider}: {name.upper()}_API_KEY is not set",
            about=[key, "llm.provider"],
        )
