"""The type of a secret: a text that never prints itself."""

from typing import Final, final

_SHOWN: Final = 4
_LONG_ENOUGH: Final = 16
"""The last four characters of a shorter secret would reveal too much of it."""


@final
class Secret:
    """An API key, a password, or a URL that contains a token.

    ``str``, ``repr`` and formatting return the mask; only :meth:`reveal` returns the text.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself. Pass it to the client that needs it, and to nothing else."""
        return self._text

    def __str__(self) -> str:
        return mask_text(self._text)

    def __repr__(self) -> str:
        return f"Secret({mask_text(self._text)})"

    def __format__(self, spec: str) -> str:
        return format(mask_text(self._text), spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)


def mask_text(text: str) -> str:
    """Return ``****`` and at most the last four characters of the text."""
    return "****" + (text[-_SHOWN:] if len(text) >= _LONG_ENOUGH else "")
