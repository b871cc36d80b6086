"""A secret that is not where the file says.

Where the configuration is checked a key is often kept away on purpose, so this is but a note.

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

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.config.problems import dotted
from aurora_core.config.quantities import read_secret_file
from aurora_core.config.toml_index import Path as Place


def check(subject: Subject) -> Iterator[Complaint]:
    """Look where it says."""
    for layer in subject.layers("file"):
        for path, reference in _references(layer.values, ()):
            kind, name = next(iter(reference.items()))
            found = subject.environ.get(name) if kind == "env" else read_secret_file(Path(name))
            if not found:
                what = (
                    f"variable {name} is not set"
                    if kind == "env"
                    else f"file {name} cannot be read or is empty"
                )
                yield Complaint(
                    f"`{dotted(path)}` has no secret: {what}", about=[path], at=layer.origin(path)
                )


def _references(value: Any, path: Place) -> Iterator[tuple[Place, dict[str, str]]]:
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
