"""Turn the origin of a value into a location to show, without any secret in its line."""

import re
from typing import Final, Literal

from aurora_cli.findings import Location, Snippet
from aurora_core.config.origin import Origin
from aurora_core.config.toml_index import Span
from aurora_core.secrets import Masker

_MAX_BEFORE: Final = 60
_MAX_MARKED: Final = 60
_MAX_AFTER: Final = 40

_HEADER: Final = re.compile(r"\s*\[[^=\"']*\]\s*(#.*)?")
_TEXT_OR_WORD: Final = re.compile(r"\"[^\"]{13,}\"?|'[^']{13,}'?|[^\s\"'=,\[\]{}#]{13,}")
"""What may be an API key in the wrong place, if the value is invalid."""


def locate(
    origin: Origin, text: str, masker: Masker, *, on: Literal["key", "value"], values_hidden: bool
) -> Location | None:
    """Return the location of an origin; None for a default.

    ``text`` is that of the whole file; ``values_hidden``: show no value in the line.
    """
    if origin.kind == "default":
        return None
    if origin.entry is None:
        return Location(origin.file or origin.name)
    span = origin.entry.key if on == "key" else origin.entry.value
    return locate_span(origin.file, text, span, masker, values_hidden=values_hidden)


def locate_span(file: str, text: str, span: Span, masker: Masker, *, values_hidden: bool) -> Location:
    """Return the location of a span of a file, with its first line as snippet."""
    lines = text.split("\n")
    line = lines[span.line - 1].rstrip("\r") if span.line <= len(lines) else ""
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    end = max(min(end, len(line)), start)
    parts = _masked((line[:start], line[start:end], line[end:]), masker, values_hidden=values_hidden)
    before, marked, after = parts
    if len(before) > _MAX_BEFORE:
        before = f"...{before[-_MAX_BEFORE:]}"
    snippet = Snippet(before, _cut(marked, _MAX_MARKED), _cut(after, _MAX_AFTER))
    return Location(file, span.line, span.column, end + 1, snippet)


def _masked(parts: tuple[str, str, str], masker: Masker, *, values_hidden: bool) -> tuple[str, str, str]:
    """Mask each part by itself, to keep the mark in position, unless a secret spans two of them."""
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


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}..."
