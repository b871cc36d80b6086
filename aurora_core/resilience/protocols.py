"""What a pipeline needs of its parts: any object with these methods will do."""

from typing import Protocol

from aurora_core.metrics import Call


class Limiter(Protocol):
    """Makes each request wait for its permit. Both verbs raise ``RateLimitExceeded``."""

    @property
    def max_wait_time(self) -> float:
        """The longest wait in seconds before a request is refused."""
        ...

    def wait_if_needed(self, max_wait: float | None = None) -> float:
        """Wait for a permit, at most ``max_wait`` seconds, and return the seconds waited."""
        ...

    async def wait(self, max_wait: float | None = None) -> float:
        """:meth:`wait_if_needed` for a task."""
        ...


class Breaker(Protocol):
    """Admits calls, and learns how each ended."""

    def admit(self) -> int:
        """Admit one call and return its generation. Raises ``CircuitBreakerOpen``."""
        ...

    def report(self, generation: int, error: BaseException | None = None) -> None:
        """Report how an admitted call ended: with an error, or without."""
        ...


class CallSink(Protocol):
    """Receives every finished call."""

    def record_call(self, call: Call) -> None:
        """Record one call."""
        ...
