"""The name that a misspelt one probably means."""

from collections.abc import Iterable

_MIN_SIMILARITY = 0.7


def closest_match(name: str, known: Iterable[str], min_similarity: float = _MIN_SIMILARITY) -> str | None:
    """Return the known name most similar to this one; None if none has at least that similarity, 0 to 1."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a misspelt name needs it

    matches = get_close_matches(name, known, n=1, cutoff=min_similarity)
    return matches[0] if matches else None
