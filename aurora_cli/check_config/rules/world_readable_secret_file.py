"""A file with a secret that every user can read.

Example::

    -rw-r--r--  aurora.toml     with openai_api_key = "sk-proj-kJ8s0dTq2LmWz4vXy7Rb"

Instead::

    -rw-------  aurora.toml
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.config.sources import readable_by_others


def check(context: LintContext) -> Iterator[Violation]:
    """Check the permissions of files that hold a secret in plain text."""
    for layer in context.layers("file", "env-file"):
        secret = next((path for owner, path, _ in context.secrets() if owner is layer), None)
        if secret is not None and readable_by_others(layer.file):
            yield Violation(
                f"{layer.file} holds a secret and is readable by every user of this machine",
                f"chmod o-r {layer.file}",
                at=layer.origin(secret),
            )
