"""Code that a model wrote, looked at before anybody runs it.

This is no sandbox: it finds the ways out that a model takes by itself, in the syntax tree and not in the
text. Who writes code to get past it will; run what comes out in a process without rights all the same.
"""

import ast
import logging
import re
from typing import Final

from aurora_core.errors import SecurityError
from aurora_core.guards.generated_code.visitor import Danger, DangerVisitor

__all__ = ["Danger", "find_dangers", "sanitize_code_output"]

_log: Final = logging.getLogger("aurora_core.secrets")

_MAX_LENGTH: Final = 200_000
_CODING: Final = re.compile(r"(?:[ \t\f]*(?:#[^\r\n]*)?\r?\n)?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
"""In the first line or the second, what Python reads a file as."""
_PLAIN_CODINGS: Final = ("utf-8", "utf8", "ascii", "us-ascii", "latin-1", "iso-8859-1")
_MENTIONED: Final = ("os.system", "subprocess.", "eval(", "exec(", "__import__")


def sanitize_code_output(code: str) -> str:
    """Return the code as it is, or raise ``SecurityError`` where it reaches for the system.

    The guide's five patterns (``os.system``, ``subprocess``, ``eval``, ``exec``, ``__import__``) in whatever
    form they take: aliases, ``getattr(os, "sys" + "tem")``, ``__builtins__``, ``importlib``, ``pickle``,
    ``ctypes``. What does not parse is refused. A string or comment that only mentions one of them passes,
    with a note in the log. It is not a sandbox.
    """
    dangers = find_dangers(code)
    if dangers:
        first = dangers[0]
        more = f", and {len(dangers) - 1} more" if len(dangers) > 1 else ""
        raise SecurityError(f"Dangerous pattern detected: {first.what}, line {first.line}{more}")
    mentioned = [pattern for pattern in _MENTIONED if pattern in code]
    if mentioned:
        _log.info("generated code only mentions %s in a string or a comment", ", ".join(mentioned))
    return code


def find_dangers(code: str) -> list[Danger]:
    """All that the code reaches for, in order. Raises ``SecurityError`` for what does not parse."""
    if not isinstance(code, str):
        raise TypeError(f"code must be a text, not {type(code).__name__}")
    if len(code) > _MAX_LENGTH:
        raise SecurityError(f"the code is longer than {_MAX_LENGTH:,} characters")
    coding = _CODING.match(code)
    if coding and coding[1].lower() not in _PLAIN_CODINGS:
        raise SecurityError(f"the code is written in {coding[1]}, in which it may say something else")
    try:
        tree = ast.parse(code)
        visitor = DangerVisitor(tree)
        visitor.visit(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise SecurityError(f"the code does not parse: {type(error).__name__}") from None
    return sorted(set(visitor.found), key=lambda danger: (danger.line, danger.column))
