"""Alert rules that are looked at too seldom.

What begins and ends between two looks is seen by none of them.

Example::

    [alerts]
    every = "10min"

Instead::

    [alerts]
    every = "1min"
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.config.units import show_duration


def check(subject: Subject) -> Iterator[Complaint]:
    """Compare how often it is looked with how far each rule looks back; the first such rule is enough."""
    alerts = subject.settings.alerts
    for watch in alerts.watches():
        if watch.window_s < alerts.every:
            every, back = show_duration(alerts.every, "s"), show_duration(watch.window_s, "s")
            yield Complaint(
                f"rule `{watch.rule.name}` looks back {back}, and is looked at every {every} only",
                f"set `alerts.every` to {back} at most",
                about=["alerts.every", "alerts.rules"],
            )
            return
