"""Channels that post JSON to a URL."""

import json
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from aurora_core.alerting.channels.base import DeliveryError
from aurora_core.alerting.channels.urls import WebhookUrl, parse_webhook_url
from aurora_core.alerting.notification import Notification
from aurora_core.secrets import Masker, Secret

BuildPayload = Callable[[Notification], Sequence[Mapping[str, object]]]
"""Returns the JSON bodies of a notification, in the order in which they are posted."""


class HttpChannel:
    """Posts what ``build_payload`` returns; ``secrets`` are masked where the payload is shown."""

    def __init__(
        self, url: Secret, build_payload: BuildPayload, timeout_s: float, secrets: Sequence[Secret] = ()
    ) -> None:
        self._url = url
        self._build_payload = build_payload
        self._timeout_s = timeout_s
        self._masker = Masker(secret.reveal() for secret in secrets)

    def payload(self, notification: Notification) -> str:
        """Return the requests: each with its URL up to the host, and its body."""
        parts = urlsplit(self._parse_url().url)
        head = f"POST {parts.scheme}://{parts.netloc}/****\nContent-Type: application/json"
        bodies = (json.dumps(body, indent=2) for body in self._build_payload(notification))
        return "\n\n".join(f"{head}\n\n{self._masker.mask(body)}" for body in bodies)

    def send(self, notification: Notification) -> str:
        """Post it. A redirection is not followed, since the body would be lost."""
        from aurora_core.alerting.channels.transport.http import post  # noqa: PLC0415 - brings an HTTP client

        target, answer = self._parse_url(), ""
        for body in self._build_payload(notification):
            answer = post(target, json.dumps(body).encode(), self._timeout_s)
        return answer

    def _parse_url(self) -> WebhookUrl:
        try:
            return parse_webhook_url(self._url)
        except ValueError as error:
            raise DeliveryError(str(error), permanent=True) from None
