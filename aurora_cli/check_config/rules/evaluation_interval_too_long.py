"""Alert rules that are evaluated too rarely.

A problem that begins and ends between two evaluations is seen by none of them.

Example::

    [alerts]
    evaluation_interval = "10min"

Instead::

    [alerts]
    evaluation_interval = "1min"
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.config.units import show_duration


def check(context: LintContext) -> Iterator[Violation]:
    """Compare the interval of evaluations with the window of each rule; report the first one."""
    alerts = context.settings.alerts
    for watch in alerts.watches():
        if watch.window_s < alerts.evaluation_interval:
            interval, window = (
                show_duration(alerts.evaluation_interval, "s"),
                show_duration(watch.window_s, "s"),
            )
            yield Violation(
                f"the window of rule `{watch.rule.name}` is {window}, but it is evaluated every {interval}",
                f"set `alerts.evaluation_interval` to {window} at most",
                about=["alerts.evaluation_interval", "alerts.rules"],
            )
            return
