"""A route to a channel that there is not.

Example::

    [alerts.routes]
    critical = ["oncal"]
    [alerts.channels.oncall]
    type = "pagerduty"
    key = { env = "PAGERDUTY_KEY" }

Instead::

    [alerts.routes]
    critical = ["oncall"]
    [alerts.channels.oncall]
    type = "pagerduty"
    key = { env = "PAGERDUTY_KEY" }
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.config.nearest import nearest


def check(subject: Subject) -> Iterator[Complaint]:
    """Name the channel that was probably meant; `log` is always there."""
    alerts = subject.settings.alerts
    known = ["log", *alerts.channels]
    for severity, channels in alerts.routes.model_dump().items():
        for channel in channels:
            if channel not in known:
                name = nearest(channel, known)
                yield Complaint(
                    f"`alerts.routes.{severity}` names channel `{channel}`, which there is not",
                    f"did you mean `{name}`?" if name else f"add [alerts.channels.{channel}]",
                    about=[f"alerts.routes.{severity}", "alerts.channels"],
                )
