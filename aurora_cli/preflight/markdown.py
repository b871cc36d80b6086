"""What a check needs to know of a Markdown document: headings, links and commands."""

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
    """The anchor that code hosts give a heading."""
    words = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading).strip().lower())
    return words.replace(" ", "-")


def sections(text: str) -> dict[str, str]:
    """By anchor, all that stands beneath a heading up to the next that is no deeper."""
    found: dict[str, str] = {}
    lines = list(_outside_fences(text))
    for place, line in enumerate(lines):
        if not (heading := _HEADING.match(line)):
            continue
        beneath = []
        for later in lines[place + 1 :]:
            other = _HEADING.match(later)
            if other and len(other[1]) <= len(heading[1]):
                break
            beneath.append(later)
        found.setdefault(anchor(heading[2]), "\n".join(beneath))
    return found


def links(text: str) -> list[str]:
    """The targets of all links and pictures."""
    return [first or second for line in _outside_fences(text) for first, second in _LINK.findall(line)]


def code_words(text: str) -> set[str]:
    """What stands between backticks."""
    return {word for line in _outside_fences(text) for word in _CODE.findall(line)}


def commands(text: str) -> Iterator[str]:
    """The lines of shell blocks that are typed: in a console block those behind a ``$``."""
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
