"""Metrics that are deleted before they are reported.

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

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.config.units import show_duration
from aurora_core.time_units import DAY_S

_MAX_BURN_WINDOW_S = 3 * DAY_S


def check(context: LintContext) -> Iterator[Violation]:
    """Compare the retention with the windows of report and alert rules."""
    store, window = context.settings.store, context.settings.sla.window
    hours, minutes = show_duration(store.keep_hours, "s"), show_duration(store.keep_minutes, "s")
    if store.keep_hours < window:
        yield Violation(
            f"`store.keep_hours` = {hours} is shorter than `sla.window` = {show_duration(window, 's')}",
            "set it to `sla.window` at least",
            about=["store.keep_hours", "sla.window"],
        )
    if store.keep_minutes < _MAX_BURN_WINDOW_S:
        yield Violation(
            f"`store.keep_minutes` = {minutes} is shorter than 3 d, the longest window of burn rates",
            "set it to 3 d at least",
            about=["store.keep_minutes"],
        )
    for number, rule in enumerate(context.settings.alerts.rules):
        if rule.window > store.keep_minutes:
            yield Violation(
                f"the window of rule `{rule.name}` is {show_duration(rule.window, 's')}, longer than "
                f"`store.keep_minutes` = {minutes}",
                "raise `store.keep_minutes`, or shorten the window",
                about=[("alerts", "rules", number, "window"), "store.keep_minutes"],
            )
