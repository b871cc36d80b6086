"""The name that was probably meant."""

from collections.abc import Iterable

_ALIKE = 0.7


def nearest(name: str, known: Iterable[str], alike: float = _ALIKE) -> str | None:
    """The known name most like this one; None where none is alike enough, 0 to 1."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a misspelt name needs it

    found = get_close_matches(name, known, n=1, cutoff=alike)
    return found[0] if found else None
