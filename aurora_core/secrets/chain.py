"""A chain of secret sources: the first that has a secret provides it, and the result is cached."""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple, Protocol

from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.errors import SecretNotFound
from aurora_core.secrets.secret import Secret
from aurora_core.singleflight import LeaderCancelled, SingleFlight


class Lookup(NamedTuple):
    """The result of asking one source: the text or None, and a description of where the source searched.

    ``source`` is safe to show; ``text`` never is.
    """

    text: str | None
    source: str


class SecretSource(Protocol):
    """A source of secrets. One that is unreachable returns no text and says so in ``Lookup.source``."""

    def find(self, name: str) -> Lookup:
        """Search for a secret by a name such as ``openai_api_key``."""
        ...


class SecretChain:
    """Secret sources in order; the first that has a secret provides it, cached for ``ttl_s`` seconds.

    Threads may share one: concurrent requests for a secret that is not cached cause one search.
    """

    def __init__(
        self, sources: Sequence[SecretSource], ttl_s: float = 300.0, *, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self._sources = sources
        self._ttl_s = ttl_s
        self._clock = clock
        self._cached: dict[str, tuple[Secret, float]] = {}
        self._flights: SingleFlight[Secret | list[str]] = SingleFlight()

    def get(self, name: str) -> Secret:
        """Return the secret. Raises ``SecretNotFound``, which lists the sources searched and nothing else."""
        while True:
            cached = self._cached.get(name)
            if cached is not None and self._clock.now() - cached[1] < self._ttl_s:
                return cached[0]
            with suppress(LeaderCancelled):
                found = self._find_once(name)
                if isinstance(found, Secret):
                    return found
                raise SecretNotFound(name, found)

    def forget(self) -> None:
        """Drop every cached secret, for example after a rotation."""
        self._flights.forget(lambda _: True)
        self._cached.clear()

    def _find_once(self, name: str) -> Secret | list[str]:
        """Search once for all concurrent callers: the secret, or where each source searched."""
        flight, is_leader = self._flights.join(name)
        if is_leader:
            with self._flights.lead(name, flight):
                found = self._find(name)
                if isinstance(found, Secret):
                    self._cached[name] = (found, self._clock.now())
                    if not self._flights.is_current(name, flight):
                        self._cached.pop(name, None)  # forgotten during the search: it may be the old secret
                flight.set_result(found)
        return flight.result()

    def _find(self, name: str) -> Secret | list[str]:
        searched = []
        for source in self._sources:
            found = source.find(name)
            # Editors end a file with a line end; in a header it would cause an error that shows the key.
            text = (found.text or "").rstrip("\r\n")
            if text:
                return Secret(text)
            searched.append(found.source)
        return searched
