"""From where a value came to a place that can be shown, without any secret in its line."""

import re
from typing import Final, Literal

from aurora_cli.findings import Location, Snippet
from aurora_core.config.origin import Origin
from aurora_core.config.toml_index import Span
from aurora_core.security import Masker

_LONGEST_BEFORE: Final = 60
_LONGEST_MARKED: Final = 60
_LONGEST_AFTER: Final = 40

_HEADER: Final = re.compile(r"\s*\[[^=\"']*\]\s*(#.*)?")
_TEXT_OR_WORD: Final = re.compile(r"\"[^\"]{13,}\"?|'[^']{13,}'?|[^\s\"'=,\[\]{}#]{13,}")
"""What may be a key in the wrong place, where the value is not what it should be."""


def place(
    origin: Origin, text: str, masker: Masker, *, on: Literal["key", "value"], values_hidden: bool
) -> Location | None:
    """Where to point. ``text`` is the whole file's; ``values_hidden``: trust no value in the line."""
    if origin.kind == "default":
        return None
    if origin.entry is None:
        return Location(origin.file or origin.name)
    span = origin.entry.key if on == "key" else origin.entry.value
    return in_file(origin.file, text, span, masker, values_hidden=values_hidden)


def in_file(file: str, text: str, span: Span, masker: Masker, *, values_hidden: bool) -> Location:
    """A stretch of a file, with its first line."""
    lines = text.split("\n")
    line = lines[span.line - 1].rstrip("\r") if span.line <= len(lines) else ""
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    end = max(min(end, len(line)), start)
    parts = _masked((line[:start], line[start:end], line[end:]), masker, values_hidden=values_hidden)
    before, marked, after = parts
    if len(before) > _LONGEST_BEFORE:
        before = f"...{before[-_LONGEST_BEFORE:]}"
    snippet = Snippet(before, _cut(marked, _LONGEST_MARKED), _cut(after, _LONGEST_AFTER))
    return Location(file, span.line, span.column, end + 1, snippet)


def _masked(parts: tuple[str, str, str], masker: Masker, *, values_hidden: bool) -> tuple[str, str, str]:
    """Mask each part by itself, so that the mark stays where it is, unless a secret spans two of them."""
    line = "".join(parts)
    equals = line.find("=") if values_hidden and not _HEADER.fullmatch(line) else len(line)
    hidden = []
    position = 0
    for part in parts:
        bare = max(0, min(len(part), equals + 1 - position))
        hidden.append(part[:bare] + _TEXT_OR_WORD.sub("****", part[bare:]))
        position += len(part)
    before, marked, after = (masker.mask(part) for part in hidden)
    whole = f"{before}{marked}{after}"
    return (before, marked, after) if masker.mask(whole) == whole else ("", "****", "")


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}..."
