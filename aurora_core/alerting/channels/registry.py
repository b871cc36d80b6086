"""All channel types: the modules of this folder that have a ``SPEC``, by the name of their type."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from typing import Final, NoReturn

from aurora_core.alerting import channels
from aurora_core.alerting.channels.base import Channel, ChannelConfig, ChannelSpec, DeliveryError
from aurora_core.alerting.notification import Notification
from aurora_core.secrets import Secret


class MisconfiguredChannel:
    """A channel without a required setting, such as an unset variable: it accepts no message."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def payload(self, notification: Notification) -> NoReturn:  # noqa: ARG002 - the channel's interface
        """Raise ``DeliveryError``."""
        raise DeliveryError(self._reason)

    def send(self, notification: Notification) -> NoReturn:  # noqa: ARG002 - the same
        """Raise ``DeliveryError``."""
        raise DeliveryError(self._reason)


def _find_specs() -> dict[str, ChannelSpec]:
    names = (info.name for info in pkgutil.iter_modules(channels.__path__) if not info.ispkg)
    modules = [import_module(f"{channels.__name__}.{name}") for name in names]
    specs = (module.SPEC for module in modules if hasattr(module, "SPEC"))
    return {spec.type: spec for spec in sorted(specs)}


CHANNELS: Final[Mapping[str, ChannelSpec]] = _find_specs()


def build_channel(channel_type: str, config: ChannelConfig) -> Channel:
    """Return the channel that sends. ``KeyError`` if there is no such type."""
    spec = CHANNELS[channel_type]
    for setting in spec.required:
        if not getattr(config, setting):
            return MisconfiguredChannel(f"missing {setting}: set `{setting}` of the channel")
    return spec.build(config)


def find_url_error(channel_type: str, url: Secret) -> str | None:
    """Return what is wrong with the URL of a channel, or None. The URL itself is not in it."""
    try:
        CHANNELS[channel_type].validate_url(url)
    except ValueError as error:
        return str(error)
    return None
