"""The worker that drains the outbox of one channel: in order, with retries, apart from all other channels."""

import logging
from typing import Final

from aurora_core.alerting.channels.base import Channel, DeliveryError
from aurora_core.clock import Clock
from aurora_core.laws.backoff import capped
from aurora_core.resilience.policies import retry_policy
from aurora_core.secrets import Masker
from aurora_core.store.metrics import AlertStore, OutboxMessage

_BACKOFF: Final = retry_policy(base_delay_ms=2000, max_delay_ms=300_000).backoff
_LEASE_S: Final = 90.0
"""Longer than any channel's timeout: if a process dies over a message, another one sends it after that."""

_log: Final = logging.getLogger("aurora_core.alerting")


class ChannelWorker:
    """Sends the queued messages of one channel; each thread and process may have one.

    A message may arrive twice if a process dies after it sent it and before it stored that; both have the
    same key. A message that fails permanently, or for longer than ``give_up_s``, stays in the outbox as
    given up, and is logged.
    """

    def __init__(
        self, name: str, channel: Channel, store: AlertStore, clock: Clock, give_up_s: float, masker: Masker
    ) -> None:
        self.name = name
        self._channel = channel
        self._book = store
        self._clock = clock
        self._give_up_s = give_up_s
        self._masker = masker
        self._failing = False

    def deliver(self) -> int:
        """Send the messages that are due; return how many were delivered. Raises ``StoreError``."""
        delivered = 0
        while (message := self._claim()) is not None:
            delivered += self._send(message)
        return delivered

    def _claim(self) -> OutboxMessage | None:
        now_s = self._clock.wall()
        return self._book.claim(self.name, now_s, now_s + _LEASE_S)

    def _send(self, message: OutboxMessage) -> bool:
        try:
            self._channel.send(message.notification)
        except DeliveryError as error:
            self._handle_failure(message, error)
            return False
        except Exception as error:  # noqa: BLE001 - a channel that crashes has not delivered
            self._handle_failure(message, DeliveryError(type(error).__name__))
            return False
        self._book.mark_delivered(message, self._clock.wall())
        if self._failing:
            _log.warning("channel %s: delivery works again", self.name)
        self._failing = False
        return True

    def _handle_failure(self, message: OutboxMessage, error: DeliveryError) -> None:
        now_s, problem = self._clock.wall(), self._masker.mask(str(error))
        event, rule = message.notification.event, message.notification.rule
        wait_s = max(capped(_BACKOFF, message.attempts), error.retry_after)
        if error.permanent or now_s + wait_s - message.enqueued_s > self._give_up_s:
            self._book.mark_failed(message, now_s, problem)
            _log.error("channel %s: gave up %s of %s: %s", self.name, event, rule, problem)
            return
        self._book.reschedule(message, now_s + wait_s, problem)
        if not self._failing:
            _log.error("channel %s: %s of %s failed, will retry: %s", self.name, event, rule, problem)
        self._failing = True
