"""A route to an undefined channel.

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

from aurora_cli.check_config.context import LintContext, Violation
from aurora_core.config.suggest import closest_match


def check(context: LintContext) -> Iterator[Violation]:
    """Report the channel with its closest match; `log` is always defined."""
    alerts = context.settings.alerts
    known = ["log", *alerts.channels]
    for severity, channels in alerts.routes.model_dump().items():
        for channel in channels:
            if channel not in known:
                match = closest_match(channel, known)
                yield Violation(
                    f"`alerts.routes.{severity}` references undefined channel `{channel}`",
                    f"did you mean `{match}`?" if match else f"add [alerts.channels.{channel}]",
                    about=[f"alerts.routes.{severity}", "alerts.channels"],
                )
