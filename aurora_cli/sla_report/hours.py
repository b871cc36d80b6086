"""The hours that let most users down."""

from collections.abc import Sequence
from typing import Final

from aurora_cli.sla_report.figures import Figures
from aurora_cli.sla_report.groups import Group, hour_of
from aurora_cli.sla_report.minutes import Minute, summed, within
from aurora_core.metrics import Slice
from aurora_core.metrics.slices import added_up

MOST: Final = 5


def worst_hours(slices: Sequence[Slice], figures: Figures) -> list[Group]:
    """Those that lost most calls, then those with most slow ones; in that order."""
    period = figures.period
    hours = summed(figures.quarters, lambda start_s: hour_of(start_s, period))
    worst = sorted((name for name in hours if hours[name].calls), key=lambda name: _badness(hours[name]))[
        :MOST
    ]
    stretches = [(hours[name].start_s, hours[name].end_s) for name in worst]
    groups = []
    for name, (start_s, end_s) in zip(worst, stretches, strict=True):
        groups.append(Group(name, added_up(within(slices, start_s, end_s), lambda _: None)[None]))
    return groups


def _badness(hour: Minute) -> tuple[int, int, int]:
    return (-hour.failed, hour.within_target - hour.calls, hour.start_s)
