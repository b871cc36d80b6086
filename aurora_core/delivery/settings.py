"""From the settings to a delivery that is ready."""

import platform
from typing import Final

from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.config import Settings
from aurora_core.delivery.channels.channel import Channel
from aurora_core.delivery.channels.log import LogChannel
from aurora_core.delivery.channels.made import Named, channel
from aurora_core.delivery.courier import Courier
from aurora_core.delivery.delivery import Delivery
from aurora_core.delivery.lookout import Lookout
from aurora_core.secrets import Masker
from aurora_core.store import Retention, open_store

LOG: Final = "log"
"""The channel that is always there."""


def place() -> str:
    """Where messages say that they are from."""
    return platform.node() or "localhost"


def channels_of(settings: Settings) -> dict[str, Channel]:
    """The channels of ``[alerts.channels]`` by name, and ``log``."""
    alerts = settings.alerts
    named = {
        name: channel(Named(each.type, each.url, each.key, alerts.timeout, place()))
        for name, each in alerts.channels.items()
    }
    return {LOG: LogChannel(), **named}


def delivery_of(settings: Settings, clock: Clock = SYSTEM_CLOCK) -> Delivery:
    """Watch the rules of ``[alerts]`` over ``store.url``, and tell who is in the routes."""
    alerts, store = settings.alerts, settings.store
    book = open_store(store.location, Retention(store.keep_minutes, store.keep_hours)).alert_book()
    masker = Masker(settings.known_secrets())
    lookout = Lookout(
        book,
        alerts.watches(),
        alerts.told,
        place=place(),
        availability=settings.sla.availability,
        masker=masker,
    )
    couriers = [
        Courier(name, each, book, clock, alerts.give_up_after, masker)
        for name, each in channels_of(settings).items()
    ]
    return Delivery(book, lookout, couriers, clock, every_s=alerts.every, give_up_s=alerts.give_up_after)
