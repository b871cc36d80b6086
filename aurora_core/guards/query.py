"""Validation of a user's query before it goes anywhere."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

MAX_LENGTH: Final = 10_000
MAX_BYTES: Final = 40_000
_MAX_PASSES: Final = 10

_FENCE: Final = re.compile(r"```+|~~~+")
_SCRIPT: Final = re.compile(r"<\s*+(?:/\s*+)?script\b(?:[^<>]*>)?")
_BEGINNING: Final = re.compile("[<\ufe64\uff1c`\u1fef\uff40~\uff5e]")
"""All characters whose compatibility form begins a tag or a fence."""
_LINE_END: Final = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_PLAIN_CONTROLS: Final = "\n\t"
_BREAKS: Final = dict.fromkeys(map(ord, _PLAIN_CONTROLS))
_JOINERS: Final = "\u200c\u200d"
"""Zero-width characters that belong to words of many scripts and to emoji."""
_SELECTOR: Final = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_HIDDEN: Final = re.compile(f"(?<={_SELECTOR}){_SELECTOR}+")
"""One variation selector chooses a glyph; a run of them is invisible data that a model reads."""
_INVISIBLE: Final = re.compile(f"[{_JOINERS}\u034f\u115f\u1160\u3164\uffa0]|{_SELECTOR}")
_NOT_TEXT: Final = ("Cc", "Cf", "Cs", "Co", "Cn")
"""Control and format characters (bidirectional overrides among them), surrogates, unassigned code points."""


def validate_query(query: str, *, max_length: int = MAX_LENGTH, max_bytes: int = MAX_BYTES) -> str:
    r"""Remove markup and control characters from a query; refuse one that is empty or too long.

    Removed are code fences, script tags in any case, spacing or Unicode form, and control and bidirectional
    characters; line ends become ``\n``. The result validates to itself. Raises ``TypeError`` for a value that
    is not a string, ``ValueError`` for a query that is empty (also after cleaning), longer than
    ``max_length`` characters or ``max_bytes`` bytes of UTF-8, or made of tags nested more than ten deep.
    """
    if not isinstance(query, str):
        raise TypeError(f"Query must be a str, not {type(query).__name__}")
    if not query.strip():
        raise ValueError("Query cannot be empty")
    if len(query) > max_length:
        raise ValueError(f"Query exceeds maximum length ({len(query):,} of {max_length:,} characters)")
    size = len(query.encode("utf-8", "surrogatepass"))
    if size > max_bytes:
        raise ValueError(f"Query exceeds maximum size ({size:,} of {max_bytes:,} bytes)")
    cleaned = _clean_until_stable(query)
    if not cleaned:
        raise ValueError("Query cannot be empty: it contains no text")
    return cleaned


def _clean_until_stable(query: str) -> str:
    """Removing a match can create a new one; repeat to a bounded depth."""
    for _ in range(_MAX_PASSES):
        cleaned = _clean_once(query)
        if cleaned == query:
            return cleaned
        query = cleaned
    raise ValueError("Query cannot be cleaned: tags are nested within tags")


def _clean_once(query: str) -> str:
    text = _HIDDEN.sub("", _LINE_END.sub("\n", query))
    if not text.translate(_BREAKS).isprintable():
        text = "".join(filter(_is_allowed, text))
    if _BEGINNING.search(text):  # most queries have none, which saves a pass over each character
        text = _remove(_SCRIPT, _remove(_FENCE, text))
    return text.strip()


def _is_allowed(character: str) -> bool:
    allowed = character in _PLAIN_CONTROLS or character in _JOINERS
    return allowed or unicodedata.category(character) not in _NOT_TEXT


def _remove(pattern: re.Pattern[str], text: str) -> str:
    """Remove what the pattern matches in the folded text: NFKC, lower case, nothing invisible."""
    plain, indexes = _fold(text)
    parts, done = [], 0
    for found in pattern.finditer(plain):
        parts.append(text[done : indexes[found.start()]])
        done = indexes[found.end() - 1] + 1
    return "".join([*parts, text[done:]]) if parts else text


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """Return the plain form, and for each of its characters the index of the original character."""
    if text.isascii():
        return text.lower(), range(len(text))
    folded = [_fold_character(character) for character in text]
    indexes = [index for index, characters in enumerate(folded) for _ in characters]
    return "".join(folded), indexes


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    return "" if _INVISIBLE.match(character) else unicodedata.normalize("NFKC", character).casefold()
