"""Text from outside, made harmless for a terminal."""

from typing import Final

_CONTROL: Final = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))}
_DIRECTION: Final = {code: f"\\u{code:04x}" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_NO_CHARACTER: Final = {code: f"\\u{code:04x}" for code in (*range(0xD800, 0xE000), 0xFFFE, 0xFFFF)}
_SEPARATOR: Final = {code: f"\\u{code:04x}" for code in (0x2028, 0x2029)}
"""Of lines and of paragraphs: many a reader takes them for the end of a line."""
_VISIBLE: Final = {**_CONTROL, **_DIRECTION, **_NO_CHARACTER, **_SEPARATOR}
_JSON: Final = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), *_DIRECTION)}
_VISIBLE_BUT_LINES: Final = {code: text for code, text in _VISIBLE.items() if code != ord("\n")}


def in_json(text: str) -> str:
    """JSON with the characters that a terminal would act on as JSON's own escapes; it means the same."""
    return text.translate(_JSON)


def in_one_line(text: str) -> str:
    """Write control and bidirectional characters, and the ends of lines, as the escapes they are."""
    return text.translate(_VISIBLE)


def in_lines(text: str) -> str:
    """The same, but for the ends of lines."""
    return text.translate(_VISIBLE_BUT_LINES)
