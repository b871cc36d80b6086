"""A key in the file.

What stands in a file is copied, committed and read by more people than meant. A file names where the
secret is; the environment or a file of its own holds it.

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

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.config.problems import dotted
from aurora_core.config.toml_index import Path
from aurora_core.secrets import contains_secret


def check(subject: Subject) -> Iterator[Complaint]:
    """Find keys where keys belong, and whatever looks like one where none does."""
    keys = {path for layer, path, text in subject.secrets() if layer.kind == "file" and path[-1] != "url"}
    for layer in subject.layers("file"):
        for path, text in _texts(layer.values, ()):
            if path in keys or contains_secret(text):
                yield Complaint(
                    f"`{dotted(path)}` holds a secret in plain text",
                    'give it in the environment, or say where it is: { env = "NAME" }, { file = "/run/.." }',
                    at=layer.origin(path),
                )


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """All texts of a file, but for the names that secrets are looked up under."""
    if isinstance(value, str) and path[-1] not in {"env", "file"}:
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, (*path, number))
