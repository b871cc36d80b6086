"""Slack's incoming webhooks.

Source: Slack's documentation, "Sending messages using incoming webhooks" and "Formatting text".
"""

from collections.abc import Mapping, Sequence
from typing import Final

from aurora_core.alerting.notice import Notice

_SIGNS: Final = {"fire": ":rotating_light:", "resolve": ":white_check_mark:", "test": ":wrench:"}


def form(notice: Notice) -> Sequence[Mapping[str, object]]:
    """One line; a name can neither mention a channel nor make a link."""
    return [{"text": f"{_SIGNS[notice.event]} {_escaped(notice.headline)}"}]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
