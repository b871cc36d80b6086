"""Metrics that are gone before they are reported on.

Minutes become hours after `keep_minutes`, hours days after `keep_hours`. Burn rates look back three days
by minutes, the report over `sla.window` by hours.

Example::

    [sla]
    window = "30d"
    [store]
    keep_hours = "14d"

Instead::

    [sla]
    window = "30d"
    [store]
    keep_hours = "90d"
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.config.units import show_duration
from aurora_core.time_units import DAY_S

_LONGEST_BURN_S = 3 * DAY_S


def check(subject: Subject) -> Iterator[Complaint]:
    """Compare what is kept with what is looked back on."""
    store, window = subject.settings.store, subject.settings.sla.window
    hours, minutes = show_duration(store.keep_hours, "s"), show_duration(store.keep_minutes, "s")
    if store.keep_hours < window:
        yield Complaint(
            f"`store.keep_hours` = {hours} is shorter than `sla.window` = {show_duration(window, 's')}",
            "keep hours at least as long as `sla.window`",
            about=["store.keep_hours", "sla.window"],
        )
    if store.keep_minutes < _LONGEST_BURN_S:
        yield Complaint(
            f"`store.keep_minutes` = {minutes} is shorter than the 3 d that the slowest burn rate looks back",
            "keep minutes for at least 3 d",
            about=["store.keep_minutes"],
        )
    for number, rule in enumerate(subject.settings.alerts.rules):
        if rule.window > store.keep_minutes:
            yield Complaint(
                f"rule `{rule.name}` looks back {show_duration(rule.window, 's')}, minutes stay {minutes}",
                "keep minutes at least as long",
                about=[("alerts", "rules", number, "window"), "store.keep_minutes"],
            )
