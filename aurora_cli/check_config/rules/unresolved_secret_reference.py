"""A reference to a secret that cannot be resolved.

Keys are often missing on purpose on the machine that checks the configuration, so this is only a note.

Example::

    [llm]
    openai_api_key = { env = "NOT_THERE" }

Instead::

    export THERE=sk-proj-kJ8s0dTq2LmWz4vXy7Rb
    [llm]
    openai_api_key = { env = "THERE" }
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.config.field_types import read_secret_file
from aurora_core.config.problems import dotted
from aurora_core.config.toml_index import Path as SettingPath


def check(context: LintContext) -> Iterator[Violation]:
    """Resolve each reference of the file."""
    for layer in context.layers("file"):
        for path, reference in _references(layer.values, ()):
            kind, name = next(iter(reference.items()))
            secret = context.environ.get(name) if kind == "env" else read_secret_file(Path(name))
            if not secret:
                reason = (
                    f"variable {name} is not set"
                    if kind == "env"
                    else f"file {name} cannot be read or is empty"
                )
                yield Violation(
                    f"`{dotted(path)}` cannot be resolved: {reason}", about=[path], at=layer.origin(path)
                )


def _references(value: Any, path: SettingPath) -> Iterator[tuple[SettingPath, dict[str, str]]]:
    if not isinstance(value, dict):
        return
    if (
        len(value) == 1
        and value.keys() & {"env", "file"}
        and all(isinstance(name, str) for name in value.values())
    ):
        yield path, value
        return
    for key, item in value.items():
        yield from _references(item, (*path, key))
