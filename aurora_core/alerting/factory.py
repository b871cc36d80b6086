"""From the settings to a running alert service."""

import platform
from typing import Final

from aurora_core.alerting.channels.base import UNSET, Channel, ChannelConfig
from aurora_core.alerting.channels.registry import build_channel
from aurora_core.alerting.dispatcher import ChannelWorker
from aurora_core.alerting.evaluator import RuleEvaluator
from aurora_core.alerting.service import AlertService
from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.config import Settings
from aurora_core.secrets import Masker
from aurora_core.store import Retention, open_store

LOG_CHANNEL: Final = "log"
"""The channel that always exists."""


def hostname() -> str:
    """Return the host that notifications name as their source."""
    return platform.node() or "localhost"


def build_channels(settings: Settings) -> dict[str, Channel]:
    """Return the channels of ``[alerts.channels]`` by name, and ``log``."""
    alerts, host = settings.alerts, hostname()
    configs = {
        name: (channel.type, ChannelConfig(channel.url or UNSET, channel.key or UNSET, alerts.timeout, host))
        for name, channel in alerts.channels.items()
    }
    log = ("log", ChannelConfig(UNSET, UNSET, alerts.timeout, host))
    return {name: build_channel(*config) for name, config in ({LOG_CHANNEL: log} | configs).items()}


def build_alert_service(settings: Settings, clock: Clock = SYSTEM_CLOCK) -> AlertService:
    """Return a service that evaluates the rules of ``[alerts]`` over ``store.url``."""
    alerts, section = settings.alerts, settings.store
    retention = Retention(section.keep_minutes, section.keep_hours)
    store = open_store(section.location, retention).alert_store()
    masker = Masker(settings.known_secrets())
    evaluator = RuleEvaluator(
        store,
        alerts.watches(),
        alerts.channels_for,
        host=hostname(),
        availability=settings.sla.availability,
        masker=masker,
    )
    workers = [
        ChannelWorker(name, channel, store, clock, alerts.give_up_after, masker)
        for name, channel in build_channels(settings).items()
    ]
    return AlertService(
        store,
        evaluator,
        workers,
        clock,
        interval_s=alerts.evaluation_interval,
        give_up_s=alerts.give_up_after,
    )
