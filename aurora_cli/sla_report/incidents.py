"""When users were let down: stretches of time whose error rate was above the alert threshold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aurora_cli.sla_report.minutes import Minute

QUIET_S: Final = 300
"""Two stretches that are no further apart are one incident."""
FEWEST_LOST: Final = 3
"""One call of ten in a quiet minute is no incident."""


@dataclass(frozen=True)
class Incident:
    """From ``start_s`` to before ``end_s``, seconds of UTC.

    ``worst`` is the highest error rate of a minute in it, ``lost`` the calls that failed.
    """

    start_s: int
    end_s: int
    worst: float
    lost: int


def incidents(line: Sequence[Minute], threshold: float) -> list[Incident]:
    """All of them, in order of time; ``line`` is in order, ``threshold`` the share of failures."""
    found: list[Incident] = []
    for minute in line:
        if not minute.calls or minute.error_rate <= threshold:
            continue
        if found and minute.start_s - found[-1].end_s <= QUIET_S:
            last = found.pop()
            lost = last.lost + minute.failed
            found.append(Incident(last.start_s, minute.end_s, max(last.worst, minute.error_rate), lost))
        else:
            found.append(Incident(minute.start_s, minute.end_s, minute.error_rate, minute.failed))
    return [incident for incident in found if incident.lost >= FEWEST_LOST]
