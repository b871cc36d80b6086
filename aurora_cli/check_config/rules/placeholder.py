"""A secret that nobody filled in.

Example::

    export OPENAI_API_KEY=changeme

Instead::

    export OPENAI_API_KEY=sk-proj-kJ8s0dTq2LmWz4vXy7Rb
"""

import re
from collections.abc import Iterator
from typing import Final

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.config.problems import dotted

_PLACEHOLDER: Final = re.compile(
    r"""(sk-(ant-)?)?(\.{2,}|…|x{3,}|\*+|<.*>|\$\{?\w*\}?|\[.*\]|your?[-_ ].*
    |change[-_ ]?(me|it)|replace[-_ ]?.*|to-?do|tbd
    |dummy|fake|example|placeholder|secret|password|none|null|test|foo|bar|1234567890?|insert.*)""",
    re.IGNORECASE | re.VERBOSE,
)


def check(subject: Subject) -> Iterator[Complaint]:
    """Look at every secret, wherever it is given."""
    for layer, path, text in subject.secrets():
        if _PLACEHOLDER.fullmatch(text.strip()):
            origin = layer.origin(path)
            yield Complaint(f"`{dotted(path)}` is a placeholder, no key", "fill in the real one", at=origin)
