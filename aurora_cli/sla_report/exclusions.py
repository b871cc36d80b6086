"""Time that does not count: a maintenance that was announced, an outage of somebody else."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aurora_cli.exits import Usage
from aurora_cli.sla_report.period import stretch


class Exclusion(NamedTuple):
    """From ``start_s`` to before ``end_s``, seconds of UTC, and why."""

    start_s: int
    end_s: int
    reason: str

    def covers(self, start_s: int, end_s: int) -> bool:
        """Whether the whole stretch lies in it."""
        return self.start_s <= start_s and end_s <= self.end_s


def exclusion(text: str, zone: ZoneInfo) -> Exclusion:
    """Read ``FROM..TO=reason``. ``Usage`` where there is no reason: time is never taken out silently."""
    span, _, reason = text.partition("=")
    if not reason.strip():
        raise Usage(f"--exclude {text!r} has no reason; write FROM..TO=reason")
    start, end = stretch(span, zone)
    return Exclusion(int(start.timestamp()), int(end.timestamp()), reason.strip())


def exclusions_file(path: Path, zone: ZoneInfo) -> list[Exclusion]:
    """Read a file of lines ``FROM..TO=reason``; blank lines and those that begin with # are passed over."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Usage(f"cannot read {path}: {getattr(error, 'strerror', None) or 'it is not UTF-8'}") from None
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                found.append(exclusion(line.strip(), zone))
            except Usage as error:
                raise Usage(f"{path}:{number}: {error}") from None
    return found


def covered_s(excluded: Sequence[Exclusion], start_s: int, end_s: int) -> int:
    """How much of a stretch is taken out; what two exclusions both cover counts once."""
    total, reached = 0, start_s
    for gap in sorted(excluded):
        first, last = max(gap.start_s, reached), min(gap.end_s, end_s)
        if last > first:
            total += last - first
            reached = last
    return total
