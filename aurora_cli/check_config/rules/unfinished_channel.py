"""A channel without its address.

Example::

    [alerts.channels.team]
    type = "slack"

Instead::

    export SLACK_WEBHOOK_URL=https://hooks.example.com/services/team
    [alerts.channels.team]
    type = "slack"
    url = { env = "SLACK_WEBHOOK_URL" }
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.alerting.channels.registry import CHANNELS


def check(subject: Subject) -> Iterator[Complaint]:
    """Ask for what the type needs; whether a reference leads somewhere is another rule's matter."""
    for name, channel in subject.settings.alerts.channels.items():
        for key in CHANNELS[channel.type].required:
            path = ("alerts", "channels", name, key)
            if not any(layer.sets(path) for layer in subject.total.layers):
                yield Complaint(
                    f"channel `{name}` of type {channel.type} has no `{key}`",
                    f'add `{key} = {{ env = ".." }}`',
                    about=[("alerts", "channels", name)],
                )
