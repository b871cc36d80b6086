"""The period of a report: half-open, whole minutes, in a time zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aurora_cli.exit_codes import UsageError
from aurora_core.time_units import DAY_S, HOUR_S, MINUTE_S

_ROLLING: Final = re.compile(r"(\d+)\s*(min|m|h|d|w)")
_UNITS: Final = {"m": MINUTE_S, "min": MINUTE_S, "h": HOUR_S, "d": DAY_S, "w": 7 * DAY_S}
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_MAX_S: Final = 10 * 366 * DAY_S


@dataclass(frozen=True)
class Period:
    """From ``start`` to before ``end``, both UTC; ``zone`` is the time zone of its days and hours.

    ``requested_end`` is later than ``end`` if the period is not over yet.
    """

    start: datetime
    end: datetime
    zone: ZoneInfo
    label: str
    requested_end: datetime

    @property
    def start_s(self) -> int:
        """Seconds since the epoch."""
        return int(self.start.timestamp())

    @property
    def end_s(self) -> int:
        """Seconds since the epoch."""
        return int(self.end.timestamp())

    @property
    def length_s(self) -> int:
        """The length; a day may have 23 or 25 hours."""
        return self.end_s - self.start_s

    def before(self) -> "Period":
        """Return the period of the same length that ends where this one begins."""
        start = self.start - (self.end - self.start)
        return Period(start, self.start, self.zone, f"{self.label} before", self.start)


def parse_zone(name: str) -> ZoneInfo:
    """Look a time zone up by its name; raises ``UsageError`` if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"--tz {name}: no such time zone; write it as Europe/Berlin, or UTC") from None


def parse_period(text: str, zone: ZoneInfo, now: datetime) -> Period:
    """Parse ``24h``, ``30d``, ``2026-10``, ``2026-10-05`` or ``FROM..TO``; ``now`` is floored to the minute.

    Raises ``UsageError`` for any other text, and for a period that is empty, reversed or in the future.
    """
    latest = _floor_to_minute(now)
    start, end = _ends(text.strip(), zone, latest)
    if end <= start:
        how = "is empty" if end == start else "ends before it begins"
        raise UsageError(f"--window {text} {how}; FROM..TO is from FROM on and before TO")
    if start >= latest:
        raise UsageError(f"--window {text} is in the future: it begins {_format(start, zone)}")
    if (end - start).total_seconds() > _MAX_S:
        raise UsageError(f"--window {text} is longer than ten years")
    return Period(start, min(end, latest), zone, text.strip(), end)


def parse_span(text: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Parse ``FROM..TO``; raises ``UsageError`` if it is invalid, empty or reversed."""
    first, dots, last = text.partition("..")
    if not dots:
        raise UsageError(f"invalid span {text!r}: expected FROM..TO, e.g. 2026-10-01..2026-10-08")
    start, end = _parse_moment(first, zone), _parse_moment(last, zone)
    if end <= start:
        raise UsageError(f"{text!r} ends before it begins, or is empty; it is from FROM on and before TO")
    return start, end


def _ends(text: str, zone: ZoneInfo, latest: datetime) -> tuple[datetime, datetime]:
    if rolling := _ROLLING.fullmatch(text):
        seconds = min(int(rolling[1]) * _UNITS[rolling[2]], 2 * _MAX_S)
        return latest - timedelta(seconds=seconds), latest
    if month := _MONTH.fullmatch(text):
        return _month_ends(text, int(month[1]), int(month[2]), zone)
    first, dots, last = text.partition("..")
    if dots:
        return _parse_moment(first, zone), _parse_moment(last, zone)
    try:
        day = date.fromisoformat(text)
        following = day + timedelta(days=1)
    except (ValueError, OverflowError):
        raise UsageError(
            f"invalid --window {text}: expected 24h, 30d, 2026-10, 2026-10-05 or 2026-10-01..2026-10-08"
        ) from None
    return _midnight(day, zone), _midnight(following, zone)


def _month_ends(text: str, year: int, month: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    try:
        first = date(year, month, 1)
        following = date(year + month // 12, month % 12 + 1, 1)
    except ValueError:
        raise UsageError(f"invalid --window {text}: no such month") from None
    return _midnight(first, zone), _midnight(following, zone)


def _parse_moment(text: str, zone: ZoneInfo) -> datetime:
    """Parse a date, or a date with a time; without an offset it is in the zone."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return _floor_to_minute(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        raise UsageError(
            f"invalid date {text.strip()!r}: expected ISO 8601, e.g. 2026-10-01 or 2026-10-01T08:00"
        ) from None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    try:
        return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    except OverflowError:
        raise UsageError(f"invalid date {day}: outside the calendar") from None


def _floor_to_minute(moment: datetime) -> datetime:
    seconds = int(moment.timestamp())
    return datetime.fromtimestamp(seconds - seconds % MINUTE_S, UTC)


def _format(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(sep=" ", timespec="minutes")
