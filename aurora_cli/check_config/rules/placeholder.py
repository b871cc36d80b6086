"""A placeholder instead of a secret.

Example::

    export OPENAI_API_KEY=changeme

Instead::

    export OPENAI_API_KEY=sk-proj-kJ8s0dTq2LmWz4vXy7Rb
"""

import re
from collections.abc import Iterator
from typing import Final

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.config.problems import dotted
from aurora_core.providers import key_prefix_of

_PLACEHOLDER: Final = re.compile(
    r"""(\.{2,}|…|x{3,}|\*+|<.*>|\$\{?\w*\}?|\[.*\]|your?[-_ ].*
    |change[-_ ]?(me|it)|replace[-_ ]?.*|to-?do|tbd
    |dummy|fake|example|placeholder|secret|password|none|null|test|foo|bar|1234567890?|insert.*)""",
    re.IGNORECASE | re.VERBOSE,
)


def check(context: LintContext) -> Iterator[Violation]:
    """Check every secret of every layer."""
    for layer, path, text in context.secrets():
        key = text.strip()
        if _PLACEHOLDER.fullmatch(key) or _PLACEHOLDER.fullmatch(key.removeprefix(key_prefix_of(key))):
            origin = layer.origin(path)
            yield Violation(f"`{dotted(path)}` is a placeholder, not a secret", "set the real one", at=origin)
