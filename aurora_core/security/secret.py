"""A text that never prints itself."""

from typing import Final, final

_SHOWN: Final = 4
_LONG_ENOUGH: Final = 16
"""Of a shorter one even the last four characters would tell too much."""


@final
class Secret:
    """An API key, a password, an address with a token in it.

    ``str``, ``repr`` and formatting give its mask; :meth:`reveal` is the only way to the text.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself; hand it to the client that needs it, and to nothing else."""
        return self._text

    def __str__(self) -> str:
        return masked(self._text)

    def __repr__(self) -> str:
        return f"Secret({masked(self._text)})"

    def __format__(self, spec: str) -> str:
        return format(masked(self._text), spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)


def masked(text: str) -> str:
    """``****`` and at most the last four characters."""
    return "****" + (text[-_SHOWN:] if len(text) >= _LONG_ENOUGH else "")
