"""The service's own log; the channel ``log`` always exists."""

import logging
from typing import Final

from aurora_core.alerting.channels.base import ChannelConfig, ChannelSpec
from aurora_core.alerting.notification import Notification

_log: Final = logging.getLogger("aurora_core.alerting")
_LEVELS: Final = {"info": logging.INFO, "warning": logging.WARNING, "critical": logging.CRITICAL}


class LogChannel:
    """Writes each notification as one line, at the level of its severity."""

    def payload(self, notification: Notification) -> str:
        """Return the line and its extra fields."""
        return f"{notification.headline} (alert={notification.rule}, alert_key={notification.key})"

    def send(self, notification: Notification) -> str:
        """Write it."""
        level = logging.INFO if notification.event == "resolve" else _LEVELS[notification.severity]
        extra = {"alert": notification.rule, "alert_key": notification.key}
        _log.log(level, "%s", notification.headline, extra=extra)
        return "logged"


def _build(_: ChannelConfig) -> LogChannel:
    return LogChannel()


SPEC: Final = ChannelSpec(
    type="log", description="one line, at the level of the severity; always there", build=_build
)
