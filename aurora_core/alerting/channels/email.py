"""E-mail over SMTP: ``smtp://user:password@host:port?from=a@example.com&to=b@example.com``.

``smtps`` starts encrypted; ``smtp`` switches to TLS if the server offers it.
"""

from typing import Final

from aurora_core.alerting.channels.base import ChannelConfig, ChannelSpec, DeliveryError
from aurora_core.alerting.channels.urls import SMTP_PORTS, SmtpUrl, parse_smtp_url
from aurora_core.alerting.notification import Notification
from aurora_core.secrets import Secret


class EmailChannel:
    """One e-mail per notification; that of the resolve replies to that of the fire."""

    def __init__(self, url: Secret, timeout_s: float) -> None:
        self._url = url
        self._timeout_s = timeout_s

    def payload(self, notification: Notification) -> str:
        """Return the e-mail."""
        from aurora_core.alerting.channels.transport import smtp  # noqa: PLC0415 - brings a mail client

        return smtp.build_message(notification, self._parse_url()).as_string()

    def send(self, notification: Notification) -> str:
        """Hand it to the server."""
        from aurora_core.alerting.channels.transport import smtp  # noqa: PLC0415 - brings a mail client

        url = self._parse_url()
        return smtp.send(smtp.build_message(notification, url), url, self._timeout_s)

    def _parse_url(self) -> SmtpUrl:
        try:
            return parse_smtp_url(self._url)
        except ValueError as error:
            raise DeliveryError(str(error), permanent=True) from None


def _build(config: ChannelConfig) -> EmailChannel:
    return EmailChannel(config.url, config.timeout_s)


SPEC: Final = ChannelSpec(
    type="smtp",
    description="an e-mail; that of the resolve replies to that of the fire",
    build=_build,
    required=("url",),
    validate_url=parse_smtp_url,
    default_ports=SMTP_PORTS,
)
