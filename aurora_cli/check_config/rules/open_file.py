"""A file with a key in it that others can read.

Example::

    -rw-r--r--  aurora.toml     with openai_api_key = "sk-proj-kJ8s0dTq2LmWz4vXy7Rb"

Instead::

    -rw-------  aurora.toml
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.config.sources import readable_by_others


def check(subject: Subject) -> Iterator[Complaint]:
    """Look at the permissions of files that hold a secret in plain text."""
    for layer in subject.layers("file", "env-file"):
        holding = next((path for owner, path, _ in subject.secrets() if owner is layer), None)
        if holding is not None and readable_by_others(layer.file):
            yield Complaint(
                f"{layer.file} holds a key, and every user of this machine can read it",
                f"chmod o-r {layer.file}",
                at=layer.origin(holding),
            )
