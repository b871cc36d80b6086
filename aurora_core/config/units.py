"""Parse and format durations, sizes and shares."""

import re
from math import isfinite
from typing import Final, Literal

TimeUnit = Literal["s", "ms"]

_NUMBER_AND_UNIT: Final = re.compile(r"\s*([+-]?\d[\d_]*(?:\.\d+)?|\.\d+)\s*([A-Za-z%µ]*)\s*")

_SECONDS: Final = {
    "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0,
    "d": 86_400.0, "w": 604_800.0,
}  # fmt: skip
_BYTES: Final = {
    "b": 1, "kb": 1000, "mb": 1000**2, "gb": 1000**3, "kib": 1024, "mib": 1024**2, "gib": 1024**3,
}  # fmt: skip


def parse_duration(text: str, unit: TimeUnit) -> float:
    """Parse ``500ms``, ``60 s``, ``7d``; a bare number is in ``unit``. The result is in ``unit``.

    Raises ``ValueError`` that lists the units.
    """
    number, name = _split(text)
    if not name:
        return number
    if name not in _SECONDS:
        raise ValueError(f"{name} is not a unit of time; expected ms, s, min, h, d or w")
    seconds = number * _SECONDS[name]
    # Milliseconds by a separate product: 0.3 s is 300 ms, and 0.3 / 1e-3 is not.
    return seconds if unit == "s" else number * (_SECONDS[name] * 1000.0)


def parse_size(text: str) -> int:
    """Parse ``10 KiB``, ``2MB``; a bare number is bytes. Raises ``ValueError`` that lists the units."""
    number, name = _split(text)
    factor = _BYTES.get(name.lower()) if name else 1
    if factor is None:
        raise ValueError(f"{name} is not a unit of size; expected B, KiB, MiB, GiB, kB, MB or GB")
    size = number * factor
    if size != int(size):
        raise ValueError(f"{text.strip()} is not a whole number of bytes")
    return int(size)


def parse_share(text: str) -> float:
    """Parse ``99.9%`` or ``0.999``. Raises ``ValueError``."""
    number, name = _split(text)
    if name not in ("", "%"):
        raise ValueError(f"{name} is not a unit of a share; expected 0.999 or 99.9%")
    # Divided as decimals are: 99.9 / 100 is 0.9990000000000001.
    return float(f"{number:.15g}e-2") if name else number


def show_duration(value: float, unit: TimeUnit) -> str:
    """Format a duration in the largest unit that keeps it whole: ``60 s``, ``100 ms``, ``7 d``."""
    if unit == "ms":
        return f"{value:.12g} ms"
    for name in ("d", "h", "min"):
        if value >= 2 * _SECONDS[name] and value % _SECONDS[name] == 0:
            return f"{value / _SECONDS[name]:.12g} {name}"
    return f"{value:.12g} s"


def _split(text: str) -> tuple[float, str]:
    found = _NUMBER_AND_UNIT.fullmatch(text)
    if found is None:
        raise ValueError("expected a number, with or without a unit")
    number = float(found[1])
    if not isfinite(number):
        raise ValueError("the number is too large")
    return number, found[2]
