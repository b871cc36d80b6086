"""What options are made of: words that a user may choose from, and what reads a value."""

from typing import Literal

from aurora_cli.exits import Usage
from aurora_core.store_url import StoreUrl, parse_store_url

Format = Literal["text", "json", "csv"]
SheetFormat = Literal["text", "json", "csv", "markdown", "html"]
ReportFormat = Literal["text", "short", "markdown", "json", "csv", "html", "openmetrics"]
FindingFormat = Literal["text", "concise", "json", "sarif", "junit", "github"]
ChecklistFormat = Literal["text", "json", "junit", "sarif", "markdown", "github", "html"]
FailOn = Literal["error", "warning", "note"]
ProviderLimit = Literal["window", "bucket", "fixed"]
RetryAfter = Literal["reset", "next", "none"]


def parse_rpms(text: str) -> list[float | None]:
    """Read ``60``, ``30,60,120`` or ``off`` (None: no limiter)."""
    return [_rpm(word.strip(), text) for word in text.split(",")]


def _rpm(word: str, text: str) -> float | None:
    if word == "off":
        return None
    try:
        value = float(word)
    except ValueError:
        raise Usage(f"--rpm {text!r}: {word!r} is not a number; 60, 30,60,120 and off are") from None
    if not 0 < value < float("inf"):
        raise Usage(f"--rpm {text!r}: {word} is not a positive number of requests a minute")
    return value


def parse_share(option: str, text: str) -> float:
    """Read ``1%`` or ``0.01``: a share from 0 to 1."""
    number = text.strip().removesuffix("%")
    try:
        share = float(number) / (100.0 if number != text.strip() else 1.0)
    except ValueError:
        raise Usage(f"{option} {text!r} is not a share like 1% or 0.01") from None
    if not 0 <= share <= 1:
        raise Usage(f"{option} {text!r} is not from 0 to 1 (or 0% to 100%)")
    return share


def parse_seconds(option: str, text: str) -> float:
    """Read ``60s``, ``5m``, ``7d``: a stretch of time above 0."""
    from aurora_core.config.units import parse_duration  # noqa: PLC0415 - pydantic comes with its package

    try:
        seconds = parse_duration(text, "s")
    except ValueError as error:
        raise Usage(f"{option} {text!r}: {error}") from None
    if not 0 < seconds < float("inf"):
        raise Usage(f"{option} {text!r} is no stretch of time above 0, like 60s")
    return seconds


def parse_store(option: str, text: str) -> StoreUrl:
    """Read a store's URL, or the path of its file."""
    try:
        return parse_store_url(text)
    except ValueError as error:
        raise Usage(f"{option}: {error}") from None


def parse_pairs(option: str, text: str | None) -> dict[str, str]:
    """Read ``time=ts,latency_ms=dur``."""
    pairs: dict[str, str] = {}
    for item in filter(None, (text or "").split(",")):
        role, equals, name = (part.strip() for part in item.partition("="))
        if not (role and equals and name):
            raise Usage(f"{option} {item!r} is not like time=ts")
        if role in pairs:
            raise Usage(f"{option} names {role} twice")
        pairs[role] = name
    return pairs


def parse_list(text: str | None) -> list[str]:
    """Read ``a,b,c``."""
    return [item.strip() for item in (text or "").split(",") if item.strip()]
