"""Find the position of each key and each value of a TOML text.

``tomllib`` has accepted the text, so this is not a second parser: it finds boundaries, and assumes that what
lies between them is valid. It has its own stack, so that any depth of nesting works, and reads every
character a fixed number of times.
"""

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final, NamedTuple

Path = tuple[str | int, ...]
"""The keys, and the indexes in arrays from 0, that lead from the root to a value."""


class Span(NamedTuple):
    """A range of text: lines and columns from 1, in characters; the end is behind the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


class TomlEntry(NamedTuple):
    """The positions of a key and its value.

    A table with a header has the header for its value; a table that is only named on the way to another one
    has its name for both, and so has an array's element, which has no name.
    """

    key: Span
    value: Span


def index(text: str) -> dict[Path, TomlEntry]:
    """Return an entry for every path that ``tomllib.loads(text)`` has, and for no other.

    Raises ``ValueError`` for some texts that ``tomllib`` does not accept, and misreads the others.
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.entries


# Possessive quantifiers (`*+`) never backtrack: an invalid text fails immediately.
_BASIC: Final = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_LITERAL: Final = r"'[^']*+'"
# Three quotes end a string of many lines, and one or two before those three are its last characters. These
# groups are not possessive: with an alternative that looks ahead, Python before 3.11.5 fails then
# (gh-106052).
_BASIC_LINES: Final = r'"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*"{3,5}'
_LITERAL_LINES: Final = r"'''[^']*+(?:'(?!'')[^']*+)*'{3,5}"
_MOMENT: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9][0-9:.Zz+-]*+"  # the only value with a blank in it
_WORD: Final = r"[A-Za-z0-9_.:+-]++"  # numbers, booleans, and times without a blank

_KEY: Final = re.compile(rf"[A-Za-z0-9_-]++|{_BASIC}|{_LITERAL}")
_DOT: Final = re.compile(r"[ \t]*+\.[ \t]*+")
_EQUALS: Final = re.compile(r"[ \t]*+=[ \t]*+")
_HEADER: Final = re.compile(r"(\[\[?)[ \t]*+")
_HEADER_END: Final = re.compile(r"[ \t]*+\]\]?")
_STRING: Final = rf"{_BASIC_LINES}|{_LITERAL_LINES}|{_BASIC}|{_LITERAL}"
_SIMPLE: Final = re.compile(rf"{_STRING}|{_MOMENT}|{_WORD}", re.DOTALL)
# Commas too: in an accepted text they add nothing to the values around them.
_FILLER: Final = re.compile(r"(?:[ \t\r\n,]++|#[^\n]*+)*+")


class _Part(NamedTuple):
    """One part of a dotted key."""

    name: str
    span: Span


@dataclass
class _Open:
    """An array or an inline table whose end is not reached."""

    path: Path
    key: Span | None
    """None for an array's element."""
    start: int
    """Offset of the opening bracket."""
    elements: int | None
    """How many values of an array were met; None for an inline table."""


class _Scanner:
    """Reads a text once, from its beginning."""

    def __init__(self, text: str) -> None:
        self.entries: dict[Path, TomlEntry] = {}
        self._text = text
        self._at = 0
        """Offset of what is read next."""
        self._line_starts = [0, *(end.end() for end in re.finditer("\n", text))]
        self._last: dict[Path, int] = {}
        """The last element of each array that was made by headers."""

    def document(self) -> None:
        """Read all statements."""
        table: Path = ()
        while self._take(_FILLER).end() < len(self._text):
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._values(*self._pair_key(table))

    def _header(self) -> Path:
        """Read ``[a.b]`` or ``[[a.b]]``; returns the path of the table that it opens."""
        opening = self._take(_HEADER)
        parts = self._key_parts()
        part = parts.pop()
        entry = TomlEntry(part.span, self._span(opening.start(), self._take(_HEADER_END).end()))
        path = (*self._walk((), parts), part.name)
        if opening[1] == "[":
            self.entries[path] = entry  # a header says more than a name on the way to another table
            return path
        self.entries.setdefault(path, entry)
        self._last[path] = self._last.get(path, -1) + 1
        path = (*path, self._last[path])
        self.entries[path] = entry
        return path

    def _pair_key(self, table: Path) -> tuple[Path, Span]:
        """Read ``a.b =`` in a table; returns the path of its value and the span of its name."""
        parts = self._key_parts()
        part = parts.pop()
        self._take(_EQUALS)
        return (*self._walk(table, parts), part.name), part.span

    def _values(self, path: Path, key: Span | None) -> None:
        """Read one value and all that it holds."""
        opened: list[_Open] = []
        following: tuple[Path, Span | None] | None = (path, key)
        while following is not None:
            path, key = following
            if self._text.startswith(("[", "{"), self._at):
                opened.append(_Open(path, key, self._at, 0 if self._text[self._at] == "[" else None))
                self._at += 1
            else:
                start, end = self._take(_SIMPLE).span()
                self._enter(path, key, start, end)
            following = self._following(opened)

    def _following(self, opened: list[_Open]) -> tuple[Path, Span | None] | None:
        """Close what ends here; returns path and key of the next value, None when all is closed."""
        while opened:
            innermost = opened[-1]
            self._take(_FILLER)
            if self._text.startswith(("]", "}"), self._at):
                self._at += 1
                self._enter(innermost.path, innermost.key, innermost.start, self._at)
                opened.pop()
            elif innermost.elements is None:
                return self._pair_key(innermost.path)
            else:
                innermost.elements += 1
                return (*innermost.path, innermost.elements - 1), None
        return None

    def _walk(self, path: Path, parts: list[_Part]) -> Path:
        """Go down from a table; of an array of tables, a name means the last element so far."""
        for name, span in parts:
            path = (*path, name)
            self.entries.setdefault(path, TomlEntry(span, span))
            if path in self._last:
                path = (*path, self._last[path])
        return path

    def _key_parts(self) -> list[_Part]:
        """Read a dotted key, as far as its last part."""
        parts = []
        while True:
            written = self._take(_KEY)
            parts.append(_Part(_name(written[0]), self._span(*written.span())))
            dot = _DOT.match(self._text, self._at)
            if dot is None:
                return parts
            self._at = dot.end()

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """Read what the pattern describes."""
        match = pattern.match(self._text, self._at)
        if match is None:
            line, column, *_ = self._span(self._at, self._at)
            raise ValueError(f"line {line}, column {column}: this is not TOML")
        self._at = match.end()
        return match

    def _enter(self, path: Path, key: Span | None, start: int, end: int) -> None:
        value = self._span(start, end)
        self.entries[path] = TomlEntry(value if key is None else key, value)

    def _span(self, start: int, end: int) -> Span:
        """Lines and columns of two offsets."""
        first = bisect_right(self._line_starts, start)
        last = bisect_right(self._line_starts, end, first - 1)
        return Span(
            first, start - self._line_starts[first - 1] + 1, last, end - self._line_starts[last - 1] + 1
        )


def _name(written: str) -> str:
    """Return the key that a part of a dotted key means: its quotes removed and its escapes resolved."""
    if "\\" in written and written.startswith('"'):
        return next(iter(tomllib.loads(f"{written} = 0")))
    return written[1:-1] if written.startswith(('"', "'")) else written
