"""Every exception of the project. Each is copied and pickled whole, for it may cross to another process.

::

    Exception
    └── AuroraError
        ├── RateLimitExceeded      also a TimeoutError; carries ``retry_after``
        ├── CircuitBreakerOpen     carries ``retry_after``
        ├── ConfigurationError     also a ValueError; carries ``problems``
        ├── SecurityError          generated code reaches for the system
        ├── SecretNotFound         also a LookupError; carries ``name`` and ``searched``
        ├── StoreError             metrics or chunks cannot be kept or read
        │   └── CorruptChunk       a chunk is not what was kept
        └── RetryError             carries ``attempts``, ``last_error``, ``reason``
"""

from collections.abc import Sequence
from typing import Literal, Self

StopReason = Literal["attempts", "deadline", "budget"]


class AuroraError(Exception):
    """The root: catch it to catch whatever this library raises by itself."""


class RateLimitExceeded(AuroraError, TimeoutError):  # noqa: N818 - says what happened
    """The wait for a place would be longer than allowed; nothing was reserved.

    ``retry_after`` is the wait in seconds after which a place would be free.
    """

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"rate limit exceeded, a place is free in {retry_after:.3f} s")
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[type[Self], tuple[float]]:
        return type(self), (self.retry_after,)


class CircuitBreakerOpen(AuroraError):  # noqa: N818 - the guide's name
    """The breaker lets no call through for now.

    ``retry_after`` is the time in seconds after which the next probe may pass.
    """

    def __init__(self, message: str = "circuit breaker is OPEN", retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ConfigurationError(AuroraError, ValueError):
    """The configuration cannot be used; ``problems`` says what is wrong and where, a sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(("the configuration is not valid", *problems)))
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[type[Self], tuple[tuple[str, ...]]]:
        return type(self), (self.problems,)


class SecurityError(AuroraError):
    """Generated code reaches for the system, or cannot be looked at."""


class StoreError(AuroraError):
    """Something cannot be kept or read; the message says which file, what is wrong and how to mend it."""


class CorruptChunk(StoreError):  # noqa: N818 - says what happened
    """A chunk is not what was kept: it is never served."""


class SecretNotFound(AuroraError, LookupError):  # noqa: N818 - says what happened
    """No source has the secret. ``searched`` lists where each source searched; it contains no secret."""

    def __init__(self, name: str, searched: Sequence[str]) -> None:
        super().__init__(f"secret {name} not found; searched: {', '.join(searched) or 'no source'}")
        self.name = name
        self.searched = tuple(searched)

    def __reduce__(self) -> tuple[type[Self], tuple[str, tuple[str, ...]]]:
        return type(self), (self.name, self.searched)


class RetryError(AuroraError):
    """No attempt succeeded and no further one will be made.

    ``attempts`` were made, ``last_error`` is what the last one raised (also ``__cause__``), and
    ``reason`` is why there is no next: ``"attempts"`` are used up, the wait would not end before the
    ``"deadline"`` (or exceeds the longest ``Retry-After`` that is honoured), or the retry
    ``"budget"`` is empty.
    """

    def __init__(self, attempts: int, last_error: Exception, reason: StopReason) -> None:
        plural = "" if attempts == 1 else "s"
        super().__init__(
            f"gave up after {attempts} attempt{plural} ({reason}): {type(last_error).__name__}: {last_error}"
        )
        self.attempts = attempts
        self.last_error = last_error
        self.reason: StopReason = reason

    def __reduce__(self) -> tuple[type[Self], tuple[int, Exception, StopReason]]:
        return type(self), (self.attempts, self.last_error, self.reason)
