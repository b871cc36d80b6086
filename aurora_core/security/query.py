"""What a user asks, before it goes anywhere."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

MAX_LENGTH: Final = 10_000
MAX_BYTES: Final = 40_000
_DEEPEST: Final = 10

_FENCE: Final = re.compile(r"```+|~~~+")
_SCRIPT: Final = re.compile(r"<\s*+(?:/\s*+)?script\b(?:[^<>]*>)?")
_BEGINNING: Final = re.compile("[<\ufe64\uff1c`\u1fef\uff40~\uff5e]")
"""All letters whose plain form begins a tag or a fence."""
_LINE_END: Final = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_KEPT: Final = "\n\t"
_BREAKS: Final = dict.fromkeys(map(ord, _KEPT))
_JOINERS: Final = "\u200c\u200d"
"""Zero-width, and part of words in many scripts and of pictures."""
_SELECTOR: Final = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_HIDDEN: Final = re.compile(f"(?<={_SELECTOR}){_SELECTOR}+")
"""One after a character says how it looks; more of them are bytes that nobody sees and a model reads."""
_UNSEEN: Final = re.compile(f"[{_JOINERS}\u034f\u115f\u1160\u3164\uffa0]|{_SELECTOR}")
_NOT_TEXT: Final = ("Cc", "Cf", "Cs", "Co", "Cn")
"""Control and format characters, bidirectional overrides among them, surrogates, and what is no character."""


def validate_query(query: str, *, max_length: int = MAX_LENGTH, max_bytes: int = MAX_BYTES) -> str:
    r"""Take out what has no place in a question, and refuse one that is empty or too long.

    Gone are code fences, script tags in whatever case, spacing or Unicode form, control and bidirectional
    characters; line ends are ``\n``. What comes out validates to itself. Raises ``TypeError`` for what is no
    text, ``ValueError`` for one that is empty (also once it was cleaned), longer than ``max_length``
    characters or than ``max_bytes`` in UTF-8, or made of tags within tags.
    """
    if not isinstance(query, str):
        raise TypeError(f"Query must be a text, not {type(query).__name__}")
    if not query.strip():
        raise ValueError("Query cannot be empty")
    if len(query) > max_length:
        raise ValueError(f"Query exceeds maximum length ({len(query):,} of {max_length:,} characters)")
    size = len(query.encode("utf-8", "surrogatepass"))
    if size > max_bytes:
        raise ValueError(f"Query exceeds maximum size ({size:,} of {max_bytes:,} bytes)")
    cleaned = _cleaned_for_good(query)
    if not cleaned:
        raise ValueError("Query cannot be empty: nothing of it is text")
    return cleaned


def _cleaned_for_good(query: str) -> str:
    """What is taken out may bring together what it parted, as deep as somebody made it to keep us busy."""
    for _ in range(_DEEPEST):
        cleaned = _cleaned(query)
        if cleaned == query:
            return cleaned
        query = cleaned
    raise ValueError("Query cannot be cleaned: it is made of tags within tags")


def _cleaned(query: str) -> str:
    text = _HIDDEN.sub("", _LINE_END.sub("\n", query))
    if not text.translate(_BREAKS).isprintable():
        text = "".join(letter for letter in text if letter in _KEPT or letter in _JOINERS or _is_text(letter))
    if _BEGINNING.search(text):  # most questions have none, and need no look at each letter
        text = _without(_SCRIPT, _without(_FENCE, text))
    return text.strip()


def _is_text(letter: str) -> bool:
    return unicodedata.category(letter) not in _NOT_TEXT


def _without(pattern: re.Pattern[str], text: str) -> str:
    """Take out what the pattern finds in the text's plain form: compatible letters, small, nothing unseen."""
    plain, places = _plain(text)
    kept, done = [], 0
    for found in pattern.finditer(plain):
        kept.append(text[done : places[found.start()]])
        done = places[found.end() - 1] + 1
    return "".join([*kept, text[done:]]) if kept else text


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """The plain form, and for each of its letters the place of the one that it comes from."""
    if text.isascii():
        return text.lower(), range(len(text))
    simple = [_simple(letter) for letter in text]
    places = [place for place, letters in enumerate(simple) for _ in letters]
    return "".join(simple), places


@lru_cache(maxsize=4096)
def _simple(letter: str) -> str:
    return "" if _UNSEEN.match(letter) else unicodedata.normalize("NFKC", letter).casefold()
