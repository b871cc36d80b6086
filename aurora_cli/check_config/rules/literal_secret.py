"""A secret in plain text in the file.

A configuration file is copied, committed and read by many people. Reference the secret instead: a variable
of the environment, or a separate file.

Example::

    [llm]
    openai_api_key = "sk-proj-kJ8s0dTq2LmWz4vXy7Rb"

Instead::

    export OPENAI_API_KEY=sk-proj-kJ8s0dTq2LmWz4vXy7Rb
    [llm]
    openai_api_key = { env = "OPENAI_API_KEY" }
"""

from collections.abc import Iterator
from typing import Any

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.config.problems import dotted
from aurora_core.config.toml_index import Path
from aurora_core.secrets import contains_secret


def check(context: LintContext) -> Iterator[Violation]:
    """Find secrets in settings for secrets, and texts that look like a key in any other."""
    keys = {path for layer, path, text in context.secrets() if layer.kind == "file" and path[-1] != "url"}
    for layer in context.layers("file"):
        for path, text in _texts(layer.values, ()):
            if path in keys or contains_secret(text):
                yield Violation(
                    f"`{dotted(path)}` holds a secret in plain text",
                    'reference it instead: { env = "NAME" } or { file = "/run/secrets/name" }',
                    at=layer.origin(path),
                )


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield all texts of a file, except for the targets of references."""
    if isinstance(value, str) and path[-1] not in {"env", "file"}:
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, (*path, number))
