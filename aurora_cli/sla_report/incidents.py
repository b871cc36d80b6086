"""Incidents: stretches of time whose error rate was above the alert threshold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aurora_cli.sla_report.timeline import Minute

MAX_QUIET_S: Final = 300
"""Two stretches that are no further apart are one incident."""
MIN_LOST: Final = 3
"""One failed call of ten in a quiet minute is not an incident."""


@dataclass(frozen=True)
class Incident:
    """From ``start_s`` to before ``end_s``, seconds of UTC.

    ``worst`` is the highest error rate of a minute in it, ``lost`` the calls that failed.
    """

    start_s: int
    end_s: int
    worst: float
    lost: int


def find_incidents(timeline: Sequence[Minute], threshold: float) -> list[Incident]:
    """Find all incidents, in order of time; ``threshold`` is a share of failed calls."""
    incidents: list[Incident] = []
    for minute in timeline:
        if not minute.calls or minute.error_rate <= threshold:
            continue
        if incidents and minute.start_s - incidents[-1].end_s <= MAX_QUIET_S:
            last = incidents.pop()
            lost = last.lost + minute.failed
            incidents.append(Incident(last.start_s, minute.end_s, max(last.worst, minute.error_rate), lost))
        else:
            incidents.append(Incident(minute.start_s, minute.end_s, minute.error_rate, minute.failed))
    return [incident for incident in incidents if incident.lost >= MIN_LOST]
