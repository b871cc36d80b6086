"""Sources in order, and what they gave, kept for its time."""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple, Protocol

from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.errors import SecretNotFound
from aurora_core.flights import Abandoned, Flights
from aurora_core.security import Secret


class Found(NamedTuple):
    """What a source has: the text, or None and where it looked. Never shown."""

    text: str | None
    looked: str


class SecretSource(Protocol):
    """Somewhere a secret may be. What is out of reach has none, and says so in ``looked``."""

    def find(self, name: str) -> Found:
        """Look for the secret of a name like ``openai_api_key``."""
        ...


class SecretChain:
    """Sources in order, of which the first that has a secret gives it, kept for ``ttl_s`` seconds.

    Threads may share one: those who miss one secret at once look for it once.
    """

    def __init__(
        self, sources: Sequence[SecretSource], ttl_s: float = 300.0, *, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self._sources = sources
        self._ttl_s = ttl_s
        self._clock = clock
        self._kept: dict[str, tuple[Secret, float]] = {}
        self._flights: Flights[Secret | list[str]] = Flights()

    def get(self, name: str) -> Secret:
        """The secret. ``SecretNotFound`` names where it was looked for, and nothing else."""
        while True:
            kept = self._kept.get(name)
            if kept is not None and self._clock.now() - kept[1] < self._ttl_s:
                return kept[0]
            with suppress(Abandoned):
                found = self._looked_for(name)
                if isinstance(found, Secret):
                    return found
                raise SecretNotFound(name, found)

    def forget(self) -> None:
        """Look anew from now on, as after a rotation."""
        self._flights.disown(lambda _: True)
        self._kept.clear()

    def _looked_for(self, name: str) -> Secret | list[str]:
        """The secret, or where all sources looked."""
        flight, mine = self._flights.board(name)
        if mine:
            with self._flights.flying(name, flight):
                found = self._find(name)
                if isinstance(found, Secret):
                    self._kept[name] = (found, self._clock.now())
                    if not self._flights.counts(name, flight):
                        self._kept.pop(name, None)  # forgotten meanwhile: it may be the old one
                flight.set_result(found)
        return flight.result()

    def _find(self, name: str) -> Secret | list[str]:
        looked = []
        for source in self._sources:
            found = source.find(name)
            # Editors end a file with a line end; in a header it would be an error that shows the key.
            text = (found.text or "").rstrip("\r\n")
            if text:
                return Secret(text)
            looked.append(found.looked)
        return looked
