"""A channel with an invalid address.

Slack and webhooks need an http address, e-mail one with sender and recipient. The address itself is never
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

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.alerting.channels.registry import find_url_error


def check(context: LintContext) -> Iterator[Violation]:
    """Validate the addresses that are known; `aurora alerts test` sends something to them."""
    for name, channel in context.settings.alerts.channels.items():
        wrong = None if channel.url is None else find_url_error(channel.type, channel.url)
        if wrong is not None:
            yield Violation(
                f"channel `{name}` of type {channel.type}: {wrong}",
                f"correct it, then try it: aurora alerts test --route {name}",
                about=[("alerts", "channels", name, "url")],
            )
