"""Any address that Apprise understands; needs the extra ``[alerts]``."""

import importlib
from typing import Any

from aurora_core.alerting.notice import Notice
from aurora_core.delivery.channels.channel import NotTaken
from aurora_core.secrets import Secret


class AppriseChannel:
    """Hands each message to Apprise, which has time limits of its own."""

    def __init__(self, url: Secret) -> None:
        self._url = url

    def payload(self, notice: Notice) -> str:
        """Title and body, as Apprise is given them; what it makes of them is its own."""
        return f"title: {_title(notice)}\nbody: {notice.text}"

    def send(self, notice: Notice) -> str:
        """Let Apprise send it."""
        try:
            apprise: Any = importlib.import_module("apprise")
        except ModuleNotFoundError:
            reason = "apprise is not installed: pip install 'aurora-resilience[alerts]'"
            raise NotTaken(reason, for_good=True) from None
        sender = apprise.Apprise()
        if not sender.add(self._url.reveal()):
            raise NotTaken("apprise does not understand its url", for_good=True)
        if not sender.notify(title=_title(notice), body=notice.text):
            raise NotTaken("apprise could not send it")
        return "sent"


def _title(notice: Notice) -> str:
    return notice.headline.partition(":")[0]
