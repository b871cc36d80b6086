"""Time that does not count, such as announced maintenance or the outage of a dependency."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aurora_cli.exit_codes import UsageError
from aurora_cli.sla_report.period import parse_span


class Exclusion(NamedTuple):
    """From ``start_s`` to before ``end_s``, seconds of UTC, and why."""

    start_s: int
    end_s: int
    reason: str

    def covers(self, start_s: int, end_s: int) -> bool:
        """Tell whether all of the stretch is excluded."""
        return self.start_s <= start_s and end_s <= self.end_s


def parse_exclusion(text: str, zone: ZoneInfo) -> Exclusion:
    """Parse ``FROM..TO=reason``; raises ``UsageError`` without a reason, which the report shows."""
    span, _, reason = text.partition("=")
    if not reason.strip():
        raise UsageError(f"--exclude {text!r} has no reason; write FROM..TO=reason")
    start, end = parse_span(span, zone)
    return Exclusion(int(start.timestamp()), int(end.timestamp()), reason.strip())


def read_exclusions(path: Path, zone: ZoneInfo) -> list[Exclusion]:
    """Read a file of lines ``FROM..TO=reason``; blank lines and lines that begin with # are ignored."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"cannot read {path}: {getattr(error, 'strerror', None) or 'it is not UTF-8'}"
        ) from None
    exclusions = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                exclusions.append(parse_exclusion(line.strip(), zone))
            except UsageError as error:
                raise UsageError(f"{path}:{number}: {error}") from None
    return exclusions


def covered_s(excluded: Sequence[Exclusion], start_s: int, end_s: int) -> int:
    """Count the excluded seconds of a stretch; what two exclusions both cover counts once."""
    total, reached = 0, start_s
    for gap in sorted(excluded):
        first, last = max(gap.start_s, reached), min(gap.end_s, end_s)
        if last > first:
            total += last - first
            reached = last
    return total
