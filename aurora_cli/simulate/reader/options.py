"""What the caller may say of a log, where the log does not say it itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

ROLES: Final = ("time", "latency_ms", "latency_s", "status", "error", "key", "tokens", "model", "id")
"""What a column can be."""

_TERM: Final = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*(ms|s)(\s*/\s*token)?")


@dataclass(frozen=True)
class LatencyModel:
    """How long the provider takes for a query: ``base_s + per_token_s * generated tokens`` seconds."""

    base_s: float
    per_token_s: float = 0.0

    def __str__(self) -> str:
        """Give the text that :func:`parse_latency` reads."""
        base = f"{self.base_s * 1000:g}ms"
        return f"{base}+{self.per_token_s * 1000:g}ms/token" if self.per_token_s else base


BY_TOKENS: Final = LatencyModel(base_s=0.3, per_token_s=0.02)
"""Assumed where a log has tokens and no latencies."""

FLAT: Final = LatencyModel(base_s=0.8)
"""Assumed where a log has neither."""


@dataclass(frozen=True)
class ReadOptions:
    """How to read a log.

    ``columns``: a role (:data:`ROLES`) to the name of the log's column, wins over what is recognised.
    ``failed``: values of the status or error column that count as failures, whatever else they look like.
    ``time_unit``: a name of :data:`timestamps.UNITS`; None: recognised.
    ``latency``: the provider's latency, instead of what the log recorded; None: the log's, and where it has
    none, an assumption that the report states.
    ``max_bad_share``: the share of lines, 0 to 1, that may be unreadable.
    ``with_models``: also read the column of the model, which costs a text per line.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    failed: frozenset[str] = frozenset()
    time_unit: str | None = None
    latency: LatencyModel | None = None
    max_bad_share: float = 0.01
    with_models: bool = False


def parse_latency(text: str) -> LatencyModel:
    """Read ``800ms``, ``1.2s`` or ``300ms+20ms/token``; anything else is a ValueError that says the form."""
    base_s = per_token_s = None
    for term in text.split("+"):
        match = _TERM.fullmatch(term.strip())
        if match is None:
            raise _unreadable(text)
        seconds = float(match[1]) / (1000 if match[2] == "ms" else 1)
        if match[3] and per_token_s is None:
            per_token_s = seconds
        elif not match[3] and base_s is None:
            base_s = seconds
        else:
            raise _unreadable(text)
    return LatencyModel(base_s=base_s or 0.0, per_token_s=per_token_s or 0.0)


def _unreadable(text: str) -> ValueError:
    return ValueError(f"`{text}` is no latency: write it as 800ms, 1.2s or 300ms+20ms/token")
