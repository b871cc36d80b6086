"""What takes the messages of one channel to it: in order, again and again, and never in anybody's way."""

import logging
from typing import Final

from aurora_core.clock import Clock
from aurora_core.delivery.channels.channel import Channel, NotTaken
from aurora_core.laws.backoff import capped
from aurora_core.resilience.policies import retry_policy
from aurora_core.secrets import Masker
from aurora_core.store.metrics import AlertBook, Letter

_BACKOFF: Final = retry_policy(base_delay_ms=2000, max_delay_ms=300_000).backoff
_LEASE_S: Final = 90.0
"""Longer than any channel may take: if a process dies over a message, another sends it after so long."""

_log: Final = logging.getLogger("aurora_core.alerting")


class Courier:
    """Delivers to one channel what the book holds for it; threads and processes may each have one.

    A message may arrive twice where a process dies between sending it and writing that down; it has one key.
    What is refused for good, or for longer than ``give_up_s``, is kept in the book, and said.
    """

    def __init__(
        self, name: str, channel: Channel, book: AlertBook, clock: Clock, give_up_s: float, masker: Masker
    ) -> None:
        self.name = name
        self._channel = channel
        self._book = book
        self._clock = clock
        self._give_up_s = give_up_s
        self._masker = masker
        self._failing = False

    def deliver(self) -> int:
        """Send what is due; how many were taken. Raises ``StoreError``."""
        taken = 0
        while (letter := self._claimed()) is not None:
            taken += self._sent(letter)
        return taken

    def _claimed(self) -> Letter | None:
        now_s = self._clock.wall()
        return self._book.claim(self.name, now_s, now_s + _LEASE_S)

    def _sent(self, letter: Letter) -> bool:
        try:
            self._channel.send(letter.notice)
        except NotTaken as refusal:
            self._refused(letter, refusal)
            return False
        except Exception as error:  # noqa: BLE001 - a channel that breaks is a channel that does not take it
            self._refused(letter, NotTaken(type(error).__name__))
            return False
        self._book.delivered(letter, self._clock.wall())
        if self._failing:
            _log.warning("channel %s takes messages again", self.name)
        self._failing = False
        return True

    def _refused(self, letter: Letter, refusal: NotTaken) -> None:
        now_s, problem = self._clock.wall(), self._masker.mask(str(refusal))
        wait_s = max(capped(_BACKOFF, letter.attempts), refusal.retry_after)
        if refusal.for_good or now_s + wait_s - letter.posted_s > self._give_up_s:
            self._book.given_up(letter, now_s, problem)
            _log.error("channel %s: gave up %s of %s: %s", self.name, *_told(letter), problem)
            return
        self._book.postponed(letter, now_s + wait_s, problem)
        if not self._failing:
            _log.error("channel %s: does not take %s of %s yet: %s", self.name, *_told(letter), problem)
        self._failing = True


def _told(letter: Letter) -> tuple[str, str]:
    return letter.notice.event, letter.notice.rule
