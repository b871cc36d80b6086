"""The service's own log: always there, and nobody has to be awake."""

import logging
from typing import Final

from aurora_core.alerting.notice import Notice

_log: Final = logging.getLogger("aurora_core.alerting")
_LEVELS: Final = {"info": logging.INFO, "warning": logging.WARNING, "critical": logging.CRITICAL}


class LogChannel:
    """Writes each message as a line, as loud as its severity."""

    def payload(self, notice: Notice) -> str:
        """The line, and what it carries."""
        return f"{notice.headline} (alert={notice.rule}, alert_key={notice.key})"

    def send(self, notice: Notice) -> str:
        """Write it."""
        level = logging.INFO if notice.event == "resolve" else _LEVELS[notice.severity]
        _log.log(level, "%s", notice.headline, extra={"alert": notice.rule, "alert_key": notice.key})
        return "logged"
