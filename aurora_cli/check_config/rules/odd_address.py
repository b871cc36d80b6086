"""A channel's address that nothing can be sent to.

Slack and webhooks want an http address, mail one that says from whom and to whom. The address itself is never
shown.

Example::

    export MAIL_URL=smtp://mail.example.com
    [alerts.channels.team]
    type = "smtp"
    url = { env = "MAIL_URL" }

Instead::

    export MAIL_URL=smtp://mail.example.com:587?from=aurora@example.com&to=team@example.com
    [alerts.channels.team]
    type = "smtp"
    url = { env = "MAIL_URL" }
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject
from aurora_core.alerting.channels.registry import find_url_error


def check(subject: Subject) -> Iterator[Complaint]:
    """Look at the addresses that are known; whether somebody is there is `aurora alerts test`'s question."""
    for name, channel in subject.settings.alerts.channels.items():
        wrong = None if channel.url is None else find_url_error(channel.type, channel.url)
        if wrong is not None:
            yield Complaint(
                f"channel `{name}` of type {channel.type}: {wrong}",
                f"correct it, then try it: aurora alerts test --route {name}",
                about=[("alerts", "channels", name, "url")],
            )
