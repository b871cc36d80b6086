"""The headings, links and commands of a Markdown document."""

import re
from collections.abc import Iterator
from typing import Final

_HEADING: Final = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_LINK: Final = re.compile(
    r"(?<!\!)\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|!\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)"
)
_FENCE: Final = re.compile(r"^\s*(`{3,}|~{3,})\s*(\w*)")
_SHELLS: Final = ("bash", "sh", "shell", "console")
_CODE: Final = re.compile(r"`([^`\n]+)`")


def anchor(heading: str) -> str:
    """Return the anchor that code hosts give a heading."""
    words = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading).strip().lower())
    return words.replace(" ", "-")


def sections(text: str) -> dict[str, str]:
    """Return by anchor the text beneath a heading, up to the next heading that is not deeper."""
    texts: dict[str, str] = {}
    lines = list(_outside_fences(text))
    for index, line in enumerate(lines):
        if not (heading := _HEADING.match(line)):
            continue
        beneath = []
        for later in lines[index + 1 :]:
            other = _HEADING.match(later)
            if other and len(other[1]) <= len(heading[1]):
                break
            beneath.append(later)
        texts.setdefault(anchor(heading[2]), "\n".join(beneath))
    return texts


def links(text: str) -> list[str]:
    """Return the targets of all links and pictures."""
    return [first or second for line in _outside_fences(text) for first, second in _LINK.findall(line)]


def code_words(text: str) -> set[str]:
    """Return the text between backticks."""
    return {word for line in _outside_fences(text) for word in _CODE.findall(line)}


def commands(text: str) -> Iterator[str]:
    """Yield the typed lines of shell blocks: in a console block those behind a ``$``."""
    language = None
    continued = False
    for line in text.splitlines():
        if fence := _FENCE.match(line):
            language = None if language is not None else fence[2].lower()
            continue
        if language not in _SHELLS:
            continue
        typed = line.removeprefix("$ ") if language == "console" or line.startswith("$ ") else line
        shown = language == "console" and not line.startswith("$ ")
        if not shown and not continued and typed.strip() and not typed.lstrip().startswith("#"):
            yield typed.strip()
        continued = line.rstrip().endswith("\\")


def _outside_fences(text: str) -> Iterator[str]:
    fenced = False
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield line
