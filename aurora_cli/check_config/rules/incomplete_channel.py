"""A channel without its address or key.

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

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.alerting.channels.registry import CHANNELS


def check(context: LintContext) -> Iterator[Violation]:
    """Require the keys that the type needs; another rule resolves references."""
    for name, channel in context.settings.alerts.channels.items():
        for key in CHANNELS[channel.type].required:
            path = ("alerts", "channels", name, key)
            if not any(layer.sets(path) for layer in context.total.layers):
                yield Violation(
                    f"channel `{name}` of type {channel.type} has no `{key}`",
                    f'add `{key} = {{ env = ".." }}`',
                    about=[("alerts", "channels", name)],
                )
