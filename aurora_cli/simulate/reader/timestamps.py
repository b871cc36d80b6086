"""What the time column holds, and its SQL: nanoseconds as a 64-bit integer.

Nanoseconds, since a time of today as a float of seconds is exact to a quarter of a microsecond only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aurora_cli.simulate.reader.errors import BadOption

NANOSECONDS: Final = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
_WORDS: Final = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}

UNITS: Final = ("iso", *NANOSECONDS, *(f"start-{unit}" for unit in NANOSECONDS))
"""``iso``: ISO 8601; ``s`` to ``ns``: since 1970; ``start-s`` to ``start-ns``: since the log's own start."""

_ISO: Final = re.compile(r"\s*\d{4}-\d\d-\d\d")
_ZONE: Final = re.compile(r"(Z|UTC|[+-]\d\d(:?\d\d)?)\s*$")
_LARGEST_SINCE_START: Final = 1e8  # three years in seconds; as an epoch, spring of 1973
_LARGEST_EPOCH: Final = {"s": 1e11, "ms": 1e14, "us": 1e17}  # the year 5138 in each


@dataclass(frozen=True)
class TimestampFormat:
    """How times are written: a name of :data:`UNITS`; ``zoned`` where an ISO time says its zone."""

    unit: str
    zoned: bool = False

    @property
    def since_epoch(self) -> bool:
        """Whether the times say the hour of the day."""
        return not self.unit.startswith("start-")

    def __str__(self) -> str:
        """Say it in words."""
        if self.unit == "iso":
            return "ISO 8601" if self.zoned else "ISO 8601 without a zone, read as UTC"
        words = _WORDS[self.unit.removeprefix("start-")]
        return f"epoch, {words}" if self.since_epoch else f"{words} from the start of the log"


def recognise(values: Sequence[str], declared: str | None) -> TimestampFormat | None:
    """Tell the form from the first values; None where none of them is a time."""
    if declared is not None and declared not in UNITS:
        raise BadOption(f"`{declared}` is no unit of time: one of {', '.join(UNITS)}")
    dates = [value for value in values if _ISO.match(value)]
    numbers = [abs(number) for value in values if (number := _number(value)) is not None]
    zoned = any(_ZONE.search(value) for value in dates)
    if declared is not None:
        return TimestampFormat(declared, zoned)
    if not dates and not numbers:
        return None
    if len(dates) >= len(numbers):
        return TimestampFormat("iso", zoned)
    return TimestampFormat(_unit(sorted(numbers)[len(numbers) // 2]))


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if number - number == 0.0 else None  # neither NaN nor infinite


def _unit(size: float) -> str:
    if size < _LARGEST_SINCE_START:
        return "start-s"
    return next((unit for unit, largest in _LARGEST_EPOCH.items() if size < largest), "ns")


def nanoseconds_sql(column: str, form: TimestampFormat) -> str:
    """Nanoseconds of an SQL expression of text, a number or a timestamp; NULL where it is no time."""
    if form.unit == "iso":
        return _iso_sql(column)
    factor = NANOSECONDS[form.unit.removeprefix("start-")]
    return f"try_cast(try_cast({column} AS DECIMAL(28, 9)) * {factor}::DECIMAL(10, 0) AS BIGINT)"


def _iso_sql(column: str) -> str:
    # DuckDB knows the offset only as TIMESTAMPTZ, which ends at microseconds, and nine digits only as
    # TIMESTAMP_NS, which drops the offset; it wants a dot before the fraction and no space before the offset.
    text = f"replace(({column})::VARCHAR, ',', '.')"
    compact = f"replace(replace({text}, ' +', '+'), ' -', '-')"
    microseconds = f"epoch_us(coalesce(try_cast({text} AS TIMESTAMPTZ), try_cast({compact} AS TIMESTAMPTZ)))"
    beyond = f"epoch_ns(try_cast({text} AS TIMESTAMP_NS)) % 1000"
    longest = len("2025-12-23 10:00:00.123456")
    whole = f"try({microseconds} * 1000 + CASE WHEN strlen({text}) > {longest} THEN {beyond} ELSE 0 END)"
    # The form of Python's logging has no room for an offset, and TIMESTAMP is read in half the time.
    return (
        f"CASE WHEN {text} LIKE '____-__-_____:__:__.___' "
        f"THEN try(epoch_us(try_cast({text} AS TIMESTAMP)) * 1000) ELSE {whole} END"
    )
