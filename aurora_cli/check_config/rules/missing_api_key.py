"""No API key for the provider.

Keys are often missing on purpose on the machine that checks the configuration, so this is only a note;
`aurora preflight` requires the key on the machine of the service.

Example::

    [llm]
    provider = "openai"

Instead::

    export OPENAI_API_KEY=sk-proj-kJ8s0dTq2LmWz4vXy7Rb
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.providers import find_provider


def check(context: LintContext) -> Iterator[Violation]:
    """Report the variable that is not set."""
    llm = context.settings.llm
    provider = find_provider(llm.provider)
    key = f"llm.{provider.key_field}"
    if llm.api_key is None and not context.is_chosen(key):
        yield Violation(
            f"no API key for {provider.name}: set {provider.key_variable}", about=[key, "llm.provider"]
        )
