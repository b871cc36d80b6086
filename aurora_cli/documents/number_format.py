"""How figures are written for people."""

import math

from aurora_core.time_units import HOUR_S

NO_DATA = "no data"


def count(value: int) -> str:
    """Write a whole number with its thousands apart: ``12,031``."""
    return f"{value:,}"


def duration(ms: float) -> str:
    """Write milliseconds in the unit that a reader would choose: ``3.2 ms``, ``412 ms``, ``12.3 s``."""
    if math.isnan(ms):
        return NO_DATA
    if ms == 0:
        return "0"
    if ms < 9.95:  # noqa: PLR2004 - from here on two digits stand before the point
        return f"{ms:.1f} ms"
    if ms < 999.5:  # noqa: PLR2004 - what would be rounded to a second
        return f"{ms:.0f} ms"
    seconds = ms / 1000.0
    return f"{seconds:.1f} s" if seconds < 99.95 else f"{seconds:,.0f} s"  # noqa: PLR2004 - the same


def clock(seconds: float) -> str:
    """Write seconds from the start as ``h:mm:ss``."""
    whole = int(seconds)
    return f"{whole // HOUR_S}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def ratio(value: float, digits: int = 2) -> str:
    """Write a plain ratio."""
    return NO_DATA if math.isnan(value) else f"{value:.{digits}f}"
