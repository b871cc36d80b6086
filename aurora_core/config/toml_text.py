"""Parse the bytes of a TOML file, or report the first syntax error with its position."""

import codecs
import re
import tomllib
from bisect import bisect_left
from typing import Any, Final

_WHERE: Final = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)\Z")
_BLANK: Final = " \t\r\n"
_LIMIT_ERRORS: Final = (RecursionError, ValueError, OverflowError)
"""Errors of the parser, without a position, for valid TOML that exceeds limits of Python."""


class TomlSyntaxError(Exception):
    """The bytes are not TOML: a message of one line; line and column count from 1, in characters."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message, line, column)
        self.message, self.line, self.column = message, line, column

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"


def parse(raw: bytes) -> tuple[str, dict[str, Any]]:
    """Return the text, without its byte order mark, and the data it holds.

    Raises :class:`TomlSyntaxError` and nothing else; its position is the text's, not the bytes'.
    """
    text = _decode(raw.removeprefix(codecs.BOM_UTF8))
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(text, error) from None
    except _LIMIT_ERRORS as error:
        # What follows a semicolon is advice to a programmer: sys.set_int_max_str_digits().
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error).partition(";")[0]
        raise TomlSyntaxError(_readable(reason or "a value is out of range"), *_find_failure(text)) from None


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        position = _end(body[: error.start].decode())
        raise TomlSyntaxError(f"not UTF-8: byte {body[error.start]:#04x}", *position) from None


def _syntax_error(text: str, error: tomllib.TOMLDecodeError) -> TomlSyntaxError:
    """Split a message such as ``Invalid value (at line 3, column 5)``."""
    message = str(error)
    where = _WHERE.search(message)
    if where is None:  # from Python 3.14 on the error has its position
        return TomlSyntaxError(_readable(message), getattr(error, "lineno", 1), getattr(error, "colno", 1))
    at_end = where["line"] is None
    # Blank lines at the end have no text to point at.
    position = _end(text.rstrip(_BLANK)) if at_end else (int(where["line"]), int(where["column"]))
    return TomlSyntaxError(_readable(message[: where.start()]), *position)


def _find_failure(text: str) -> tuple[int, int]:
    """Return the position of an error without one: the end of the shortest prefix that has it.

    The parser reads from left to right, so every longer prefix has it as well: bisection finds it.
    """
    length = bisect_left(range(len(text)), 1, key=lambda length: _fails(text[:length]))
    return _end(text[: max(0, length - 1)])


def _fails(prefix: str) -> bool:
    try:
        tomllib.loads(prefix)
    except tomllib.TOMLDecodeError:
        return False
    except _LIMIT_ERRORS:
        return True
    return False


def _end(text: str) -> tuple[int, int]:
    """Return line and column after the last character."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _readable(message: str) -> str:
    """Return the message with a small first letter and escaped control characters."""
    shown = "".join(char if char.isprintable() else repr(char)[1:-1] for char in message)
    return shown[:1].lower() + shown[1:]
