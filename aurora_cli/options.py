"""Choices that an option offers, and parsers of option values."""

from typing import Literal

import typer

from aurora_cli.exit_codes import UsageError
from aurora_core.store_url import StoreUrl, parse_store_url

Format = Literal["text", "json", "csv"]
DocumentFormat = Literal["text", "json", "csv", "markdown", "html"]
ReportFormat = Literal["text", "short", "markdown", "json", "csv", "html", "openmetrics"]
FindingFormat = Literal["text", "concise", "json", "sarif", "junit", "github"]
ChecklistFormat = Literal["text", "json", "junit", "sarif", "markdown", "github", "html"]
FailOn = Literal["error", "warning", "note"]
ProviderLimit = Literal["sliding-window", "token-bucket", "fixed-window"]
RetryAfter = Literal["reset", "next", "none"]


def parse_rpms(text: str) -> list[float | None]:
    """Read ``60``, ``30,60,120`` or ``off`` (None: no limiter); a limit given twice counts once."""
    return list(dict.fromkeys(parse_rpm("--rpm", word.strip()) for word in text.split(",")))


def parse_rpm(option: str, text: str) -> float | None:
    """Read ``60`` or ``off`` (None: no limit)."""
    if text == "off":
        return None
    try:
        value = float(text)
    except ValueError:
        raise UsageError(f"{option}: invalid rate limit {text!r}: expected e.g. 60 or off") from None
    if not 0 < value < float("inf"):
        raise UsageError(
            f"{option}: invalid rate limit {text!r}: expected a positive number of requests per minute"
        )
    return value


def share_value(text: str | float) -> float:
    """Read ``20%`` or ``0.2``: a share from 0 to 1. Raises ``typer.BadParameter``."""
    written = str(text).strip()
    number = written.removesuffix("%")
    try:
        share = float(number) / (100.0 if number != written else 1.0)
    except ValueError:
        raise typer.BadParameter(f"invalid share {written!r}: expected e.g. 20% or 0.2") from None
    if not 0 <= share <= 1:
        hint = f"; did you mean {number}%?" if number == written and 1 < share <= 100 else ""  # noqa: PLR2004 - per cent
        raise typer.BadParameter(f"invalid share {written!r}: expected 0 to 1 or 0% to 100%{hint}")
    return share


def parse_seconds(option: str, text: str) -> float:
    """Read ``60s``, ``5m``, ``7d``: a stretch of time above 0."""
    from aurora_core.config.units import parse_duration  # noqa: PLC0415 - pydantic comes with its package

    try:
        seconds = parse_duration(text, "s")
    except ValueError as error:
        raise UsageError(f"{option} {text!r}: {error}") from None
    if not 0 < seconds < float("inf"):
        raise UsageError(f"{option}: invalid duration {text!r}: expected a positive duration such as 60s")
    return seconds


def parse_store(option: str, text: str) -> StoreUrl:
    """Read a store's URL, or the path of its file."""
    try:
        return parse_store_url(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def parse_pairs(option: str, text: str | None) -> dict[str, str]:
    """Read ``time=ts,latency_ms=dur``."""
    pairs: dict[str, str] = {}
    for item in filter(None, (text or "").split(",")):
        role, equals, name = (part.strip() for part in item.partition("="))
        if not (role and equals and name):
            raise UsageError(f"{option}: invalid item {item!r}: expected e.g. time=ts")
        if role in pairs:
            raise UsageError(f"{option} names {role} twice")
        pairs[role] = name
    return pairs


def parse_list(text: str | None) -> list[str]:
    """Read ``a,b,c``."""
    return [item.strip() for item in (text or "").split(",") if item.strip()]
